namespace Latecomer.Runtime;

/// <summary>The request table in memory.</summary>
internal sealed class MemoryRequests(MemoryTables tables) : IRequestStore
{
    public ValueTask<SubmitOutcome> Submit(NewRequest request, CancellationToken cancellation)
    {
        lock (tables.Gate)
        {
            return ValueTask.FromResult(SubmitLocked(request));
        }
    }

    public ValueTask<SubmitOutcome> Record(DecidedRequest request, CancellationToken cancellation)
    {
        lock (tables.Gate)
        {
            return ValueTask.FromResult(Find(tables, request.Id, request.Hash) ?? Add(tables, request));
        }
    }

    /// <summary>What became of a request; null if there is none of that id.</summary>
    public static SubmitOutcome? Find(MemoryTables tables, RequestId id, string hash) => tables.Requests.GetValueOrDefault(id) switch
    {
        null => null,
        var known when known.Hash != hash => new SubmitOutcome.Mismatch(),
        { Reply: { } reply } => new SubmitOutcome.Decided(reply),
        _ => new SubmitOutcome.Pending(),
    };

    public static SubmitOutcome Add(MemoryTables tables, DecidedRequest request)
    {
        tables.Requests.Add(request.Id, new RequestRow(request.Hash, request.ExpiresAt) { Reply = request.Reply, AnsweredAt = request.At });
        return new SubmitOutcome.Accepted();
    }

    public ValueTask<SubmitOutcome?> Find(RequestId request, string hash, CancellationToken cancellation)
    {
        lock (tables.Gate)
        {
            return ValueTask.FromResult(Find(tables, request, hash));
        }
    }

    public ValueTask<StoredReply?> FindReply(RequestId request, CancellationToken cancellation)
    {
        lock (tables.Gate)
        {
            return ValueTask.FromResult(tables.Requests.GetValueOrDefault(request)?.Reply);
        }
    }

    public ValueTask<int> Expire(DateTimeOffset now, TimeSpan kept, int limit, CancellationToken cancellation)
    {
        lock (tables.Gate)
        {
            var expired = tables.Requests.Where(r => r.Value.Reply is not null && r.Value.ExpiresAt < now && r.Value.AnsweredAt < now - kept)
                .OrderBy(r => r.Value.ExpiresAt).Take(limit).Select(r => r.Key).ToList();
            expired.ForEach(id => tables.Requests.Remove(id));
            return ValueTask.FromResult(expired.Count);
        }
    }

    private SubmitOutcome SubmitLocked(NewRequest request)
    {
        if (Find(tables, request.Id, request.Hash) is { } known)
        {
            return known;
        }

        tables.Requests.Add(request.Id, new RequestRow(request.Hash, request.ExpiresAt));
        tables.Deliver(request.Shard, request.To, from: null, request.Message, request.Cause, request.Id);
        return new SubmitOutcome.Accepted();
    }
}
