namespace Latecomer.Runtime;

/// <summary>The dead letters in memory.</summary>
internal sealed class MemoryDeadLetters(MemoryTables tables) : IDeadLetterStore
{
    public ValueTask<IReadOnlyList<DeadLetter>> List(long after, int limit, bool suspendingOnly, CancellationToken cancellation)
    {
        lock (tables.Gate)
        {
            return ValueTask.FromResult<IReadOnlyList<DeadLetter>>(
                [.. tables.DeadLetters.Values.Select(d => d.Letter).Where(l => l.Id > after && (l.Suspends || !suspendingOnly)).Take(limit)]);
        }
    }

    public ValueTask<SubmitOutcome?> Settle(long id, LetterFate fate, DecidedRequest request, CancellationToken cancellation)
    {
        lock (tables.Gate)
        {
            return ValueTask.FromResult(MemoryRequests.Find(tables, request.Id, request.Hash) ?? (Settle(id, fate) ? MemoryRequests.Add(tables, request) : null));
        }
    }

    private bool Settle(long id, LetterFate fate)
    {
        if (Remove(id) is not { } dead)
        {
            return false;
        }

        if (fate == LetterFate.Retried)
        {
            var letter = dead.Letter;
            tables.Shard(dead.Shard).Mail.Add(id, new Mail(id, letter.To, letter.From, letter.Message, letter.Cause, Attempts: 0, letter.Request));
        }

        return true;
    }

    private (ShardId Shard, DeadLetter Letter)? Remove(long id)
    {
        if (!tables.DeadLetters.Remove(id, out var dead))
        {
            return null;
        }

        if (dead.Letter.Suspends)
        {
            tables.Shard(dead.Shard).Resume(dead.Letter.To);
        }

        return dead;
    }
}
