namespace Latecomer.Runtime;

/// <summary>The activity table.</summary>
public interface IActivityStore
{
    /// <summary>Assigns to a worker activities that nobody runs, in the order in which they were started: new ones of the shards, and, with an attempt more,
    /// those of the shards whose worker's incarnation has expired, and those that the worker itself was given but does not run, because it never
    /// heard the answer. Nothing if the worker itself has expired.</summary>
    /// <param name="shards">The shards that the worker owns.</param>
    /// <param name="worker">The worker; it claims one time after another.</param>
    /// <param name="running">All that it was given and whose end it does not know to be durable.</param>
    /// <param name="limit">How many at the most.</param>
    /// <param name="cancellation">Gives up.</param>
    ValueTask<IReadOnlyList<ActivityAssignment>> Claim(
        IReadOnlyCollection<ShardId> shards, Incarnation worker, IReadOnlyCollection<ActivityKey> running, int limit, CancellationToken cancellation);

    /// <summary>Of the activities that <paramref name="worker"/> runs, those that are to stop.</summary>
    ValueTask<IReadOnlyList<ActivityKey>> CancelRequested(Incarnation worker, CancellationToken cancellation);

    /// <summary>Ends an activity: removes it and puts its end into its actor's mailbox, in one transaction. False if that is not
    /// its current attempt, the worker is not its worker, or the worker has expired: then nothing is written.</summary>
    /// <param name="assignment">What the worker was given.</param>
    /// <param name="worker">The worker.</param>
    /// <param name="ended">Its end, by <see cref="ActivityEndedFormat"/>.</param>
    /// <param name="cancellation">Gives up; whether it was ended is then not known, and the same call may be made again.</param>
    ValueTask<bool> Complete(ActivityAssignment assignment, Incarnation worker, SerializedMessage ended, CancellationToken cancellation);

    /// <summary>Those that have not ended, in the order in which they were started.</summary>
    ValueTask<IReadOnlyList<ActivityStatus>> List(CancellationToken cancellation);
}

/// <summary>An activity as the store has it.</summary>
/// <param name="Key">Which.</param>
/// <param name="Shard">Its actor's shard.</param>
/// <param name="Kind">Which handler runs it.</param>
/// <param name="Attempt">0 before anybody ran it.</param>
/// <param name="Worker">Who was given it last.</param>
/// <param name="CancelRequested">It is to stop.</param>
public sealed record ActivityStatus(ActivityKey Key, ShardId Shard, string Kind, int Attempt, Incarnation? Worker, bool CancelRequested);
