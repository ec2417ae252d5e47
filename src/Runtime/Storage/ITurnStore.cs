using System.Collections.Frozen;

namespace Latecomer.Runtime;

/// <summary>Mailboxes, timers, state images. Reading needs no lease, for only <see cref="Commit"/> makes anything real.</summary>
public interface ITurnStore
{
    /// <summary>What a shard has to do now: of each actor that is not suspended the oldest <paramref name="perActor"/> messages, and the
    /// timers that are due; at most <paramref name="limit"/> of either.</summary>
    ValueTask<ShardWork> ReadWork(ShardId shard, int perActor, int limit, CancellationToken cancellation);

    /// <summary>Of the shards, those for which <see cref="ReadWork"/> would give anything: one cheap question for a poll.</summary>
    ValueTask<ReadyShards> Ready(IReadOnlyCollection<ShardId> shards, CancellationToken cancellation);

    /// <summary>How many messages wait in all shards together, counted no further than <paramref name="atMost"/>; those of suspended actors included.</summary>
    ValueTask<int> Waiting(int atMost, CancellationToken cancellation);

    /// <summary>The state images of those of the actors that have one.</summary>
    ValueTask<IReadOnlyList<StateImage>> LoadStates(ShardId shard, IReadOnlyCollection<ActorId> actors, CancellationToken cancellation);

    /// <summary>Counts one more attempt at each of the messages and timers, before they are tried one by one. False if the lease is lost.</summary>
    ValueTask<bool> CountAttempts(Lease lease, IReadOnlyCollection<long> mail, IReadOnlyCollection<TimerKey> timers, CancellationToken cancellation);

    /// <summary>Makes a batch of turns real: all of it or nothing. It commits only if the lease is the store's, every message and timer in it is
    /// still there, every state has the revision that the batch says, and none of its requests is known.</summary>
    /// <exception cref="InvalidTurnException">A turn in it can never become real. Nothing was written.</exception>
    ValueTask<CommitOutcome> Commit(TurnBatch batch, CancellationToken cancellation);
}

/// <summary>What a shard has to do.</summary>
/// <param name="Now">The store's clock.</param>
/// <param name="Mail">Messages, oldest first; without those of suspended actors.</param>
/// <param name="Timers">Timers due at <paramref name="Now"/>, soonest first; without those of suspended actors.</param>
/// <param name="NewestMail">No message that the shard has had so far has a higher id; 0 if it never had any.</param>
public sealed record ShardWork(DateTimeOffset Now, IReadOnlyList<Mail> Mail, IReadOnlyList<DueTimer> Timers, long NewestMail)
{
    /// <summary>Actors of the shard that are suspended: nothing is to be asked of them now.</summary>
    public IReadOnlySet<ActorId> Suspended { get; init; } = FrozenSet<ActorId>.Empty;
}

/// <summary>Which shards have something to do.</summary>
/// <param name="Now">The store's clock.</param>
/// <param name="Shards">Those that have mail or due timers of actors that are not suspended.</param>
/// <param name="NextTimer">When the next timer of any of the shards asked for, of those that are not due yet, becomes due; null if there is none.</param>
public sealed record ReadyShards(DateTimeOffset Now, IReadOnlyList<ShardId> Shards, DateTimeOffset? NextTimer);

/// <summary>How <see cref="ITurnStore.Commit"/> ended.</summary>
public enum CommitOutcome
{
    /// <summary>Durable.</summary>
    Committed,

    /// <summary>The node does not own the shard any more: nothing was written, and it must drop the shard.</summary>
    LeaseLost,

    /// <summary>The lease holds but something was not as the batch says (the second guard): nothing was written, the shard's memory must be dropped and its lease acquired anew.</summary>
    Stale,

    /// <summary>A request of the batch, by its id, is in the store already, or twice in the batch: nothing was written. Memory is as it was.</summary>
    RequestKnown,
}

/// <summary>The store refuses what a turn asks for, however often it is tried: the turn has failed.</summary>
public sealed class InvalidTurnException : Exception
{
    /// <summary>Refuses without a reason; better give one.</summary>
    public InvalidTurnException()
    {
    }

    /// <summary>Refuses with a reason.</summary>
    public InvalidTurnException(string message)
        : base(message)
    {
    }

    /// <summary>Refuses with a reason and what caused it.</summary>
    public InvalidTurnException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>A turn starts an activity under the id of one that has not ended.</summary>
    public static InvalidTurnException AlreadyStarted(ActivityKey key) =>
        new($"{key.Actor} starts the activity '{key.Id}', which has not ended: an id is free again only after its end.");
}
