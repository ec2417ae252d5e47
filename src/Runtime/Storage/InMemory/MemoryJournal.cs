namespace Latecomer.Runtime;

/// <summary>The journal in memory.</summary>
internal sealed class MemoryJournal(MemoryTables tables) : IJournalStore
{
    public ValueTask<IReadOnlyList<JournalEntry>> Read(ShardId shard, long after, int limit, CancellationToken cancellation)
    {
        lock (tables.Gate)
        {
            return ValueTask.FromResult<IReadOnlyList<JournalEntry>>([.. tables.Shard(shard).Journal.Skip((int)after).Take(limit)]);
        }
    }
}
