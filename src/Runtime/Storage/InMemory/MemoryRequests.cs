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
        if (tables.Requests.TryGetValue(request.Id, out var known))
        {
            return known switch
            {
                _ when known.Hash != request.Hash => new SubmitOutcome.Mismatch(),
                { Reply: { } reply } => new SubmitOutcome.Decided(reply),
                _ => new SubmitOutcome.Pending(),
            };
        }

        tables.Requests.Add(request.Id, new RequestRow(request.Hash, request.ExpiresAt));
        tables.Deliver(request.Shard, request.To, from: null, request.Message, Causes.OfRequest(request.Id), request.Id);
        return new SubmitOutcome.Accepted();
    }
}
