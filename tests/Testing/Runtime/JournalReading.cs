using Latecomer.Runtime;

namespace Latecomer.Tests.Testing.Runtime;

/// <summary>Reads journals of which nothing was removed.</summary>
public static class JournalReading
{
    public static async Task<IReadOnlyList<JournalEntry>> Entries(this IJournalStore journal, ShardId shard, long after, int limit, CancellationToken cancellation = default) =>
        (await journal.Read(shard, after, limit, cancellation)).ShouldBeOfType<JournalPage.Entries>().Items;
}
