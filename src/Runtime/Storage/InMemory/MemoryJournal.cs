namespace Latecomer.Runtime;

/// <summary>The journal in memory.</summary>
internal sealed class MemoryJournal(MemoryTables tables) : IJournalStore
{
    private static int _made;

    private readonly Guid _identity = new(Interlocked.Increment(ref _made), 0, 0, new byte[8]);

    public ValueTask<Guid> Identity(CancellationToken cancellation) => ValueTask.FromResult(_identity);

    public ValueTask<IReadOnlyList<JournalHead>> Heads(CancellationToken cancellation)
    {
        lock (tables.Gate)
        {
            return ValueTask.FromResult<IReadOnlyList<JournalHead>>(
                [.. tables.Shards.Where(s => s.Rows.Journal.Count > 0).Select(s => new JournalHead(s.Shard, s.Rows.Journal[^1].Position))]);
        }
    }

    public ValueTask<JournalPage> Read(ShardId shard, long after, int limit, CancellationToken cancellation)
    {
        lock (tables.Gate)
        {
            var journal = tables.Shard(shard).Journal;
            var passed = journal.Count == 0 ? 0 : (int)Math.Clamp(after - journal[0].Position + 1, 0, journal.Count);
            return ValueTask.FromResult(JournalPage.Of(after, [.. journal.Skip(passed).Take(limit)]));
        }
    }

    public ValueTask<IReadOnlyList<JournalEntry>> ReadActor(ShardId shard, ActorId actor, long before, int limit, CancellationToken cancellation)
    {
        lock (tables.Gate)
        {
            return ValueTask.FromResult<IReadOnlyList<JournalEntry>>(
                [.. Enumerable.Reverse(tables.Shard(shard).Journal).Where(e => e.Actor == actor && e.Position < before).Take(limit)]);
        }
    }

    public ValueTask<JournalTrim?> Trim(Lease lease, DateTimeOffset before, int limit, CancellationToken cancellation)
    {
        lock (tables.Gate)
        {
            if (!tables.IsHeld(lease))
            {
                return ValueTask.FromResult<JournalTrim?>(null);
            }

            var journal = tables.Shard(lease.Shard).Journal;
            var removed = journal.Take(Math.Min(limit, journal.Count - 1)).TakeWhile(e => e.At < before).Count();
            journal.RemoveRange(0, removed);
            return ValueTask.FromResult<JournalTrim?>(new JournalTrim(removed, journal.Count == 0 ? null : journal[0].At));
        }
    }
}
