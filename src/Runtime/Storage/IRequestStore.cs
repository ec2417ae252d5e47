namespace Latecomer.Runtime;

/// <summary>The request table.</summary>
public interface IRequestStore
{
    /// <summary>Puts a request and its message into the store, in one transaction; or says what became of the one that has its id.</summary>
    ValueTask<SubmitOutcome> Submit(NewRequest request, CancellationToken cancellation);

    /// <summary>Puts a request with its reply into the store, in one transaction; or says what became of the one that has its id.</summary>
    ValueTask<SubmitOutcome> Record(DecidedRequest request, CancellationToken cancellation);

    /// <summary>What became of the request of an id; null if there is none.</summary>
    ValueTask<SubmitOutcome?> Find(RequestId request, string hash, CancellationToken cancellation);

    /// <summary>The reply to a request; null while it has none, or if there is no such request.</summary>
    ValueTask<StoredReply?> FindReply(RequestId request, CancellationToken cancellation);

    /// <summary>Forgets requests that expired before <paramref name="now"/> and were answered longer than <paramref name="kept"/> ago; never one that has no answer. Any
    /// number of nodes may do so at once.</summary>
    /// <param name="now">The store's clock.</param>
    /// <param name="kept">How long a reply stays after it was given, however long that took.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>How many were forgotten.</returns>
    ValueTask<int> Expire(DateTimeOffset now, TimeSpan kept, int limit, CancellationToken cancellation);
}

/// <summary>A request from the edge.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Hash">A hash of what it asks: the same id with another hash is refused.</param>
/// <param name="To">The actor that the message goes to.</param>
/// <param name="Shard">That actor's shard.</param>
/// <param name="Message">The message.</param>
/// <param name="ExpiresAt">Until when its reply is kept at least.</param>
/// <param name="Origin">Where it came from, if that is known and is to be kept; not part of what it asks.</param>
public sealed record NewRequest(
    RequestId Id, string Hash, ActorId To, ShardId Shard, SerializedMessage Message, DateTimeOffset ExpiresAt, RequestOrigin? Origin = null)
{
    /// <summary>What its message is caused by.</summary>
    public string Cause => Causes.OfRequest(Id, Origin);
}

/// <summary>A request that is decided without a turn of an actor.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Hash">A hash of what it asks: the same id with another hash is refused.</param>
/// <param name="Reply">Its reply.</param>
/// <param name="At">When it was decided, by the store's clock.</param>
/// <param name="ExpiresAt">Until when its reply is kept at least.</param>
public sealed record DecidedRequest(RequestId Id, string Hash, StoredReply Reply, DateTimeOffset At, DateTimeOffset ExpiresAt);

/// <summary>What became of a request that was submitted.</summary>
public abstract record SubmitOutcome
{
    private SubmitOutcome()
    {
    }

    /// <summary>It is new, and durable.</summary>
    public sealed record Accepted : SubmitOutcome;

    /// <summary>It was accepted before, and is not decided yet.</summary>
    public sealed record Pending : SubmitOutcome;

    /// <summary>It was decided before.</summary>
    public sealed record Decided(StoredReply Reply) : SubmitOutcome;

    /// <summary>Its id was used for something else. Nothing was stored.</summary>
    public sealed record Mismatch : SubmitOutcome;
}
