using Latecomer.DeltaLog;

namespace Latecomer.Tests.Unit.DeltaLog;

/// <summary>Reading begins before the log is listed, and what it met that the listing does not have must not show.</summary>
public sealed class HistoryWhileListedFacts : IDisposable
{
    private readonly TemporaryTable _table = new();

    public void Dispose() => _table.Dispose();

    [Fact]
    public async Task Commits_that_were_read_before_the_listing_was_done_are_not_read_again()
    {
        PutLog(lastVersion: 9);
        var store = Store(until: 5);
        VersionsOf(await Read(store)).ShouldBe([9, 8]);
        store.Reads.ShouldBeUnique();
    }

    [Fact]
    public async Task A_commit_that_came_while_the_log_was_listed_does_not_hide_the_change_before_it()
    {
        PutLog(lastVersion: 9);
        var history = await ReadUntil(12, () => PutAdds(10, 11));
        history.FromCommit.ShouldBe(0);
        VersionsOf(history).ShouldBe([9, 8]);
    }

    [Fact]
    public async Task Commits_before_a_gap_do_not_count_and_those_behind_it_do()
    {
        PutLog(lastVersion: 9);
        File.Delete(_table.PathOf(6));
        await File.WriteAllTextAsync(
            Path.Combine(_table.LogFolder, "00000000000000000006.checkpoint.0b7c0e5e-6f0b-4d3c-8e55-0d7c6e3f9a11.json"),
            string.Join('\n', ["""{"checkpointMetadata":{"version":6}}""", .. await File.ReadAllLinesAsync(_table.PathOf(0))]));
        var history = await ReadUntil(6);
        history.FromCommit.ShouldBe(7);
        VersionsOf(history).ShouldBe([9, 8]);
    }

    [Fact]
    public async Task A_log_that_does_not_begin_with_its_first_commit_is_read_from_where_it_begins()
    {
        PutLog(lastVersion: 9);
        await _table.Table.WriteCheckpoint(6);
        for (var version = 0; version <= 6; version++)
        {
            File.Delete(_table.PathOf(version));
        }

        var history = await ReadUntil(0);
        history.FromCommit.ShouldBe(7);
        VersionsOf(history).ShouldBe([9, 8]);
    }

    /// <summary>Each version changes one of two partitions, so the last changes of both are the last two versions.</summary>
    private void PutLog(int lastVersion)
    {
        _table.PutFirst();
        PutAdds(1, lastVersion);
    }

    private void PutAdds(int first, int last)
    {
        for (var version = first; version <= last; version++)
        {
            _table.PutAdd(version, $"f{version}", version % 2 == 0 ? "even" : "odd");
        }
    }

    private SlowlyListedStore Store(long until, Action? meanwhile = null) => new(_table.Log, LogFile.CommitName(until), meanwhile ?? (() => { }));

    private Task<PartitionHistory> ReadUntil(long version, Action? meanwhile = null) => Read(Store(version, meanwhile));

    private static async Task<PartitionHistory> Read(SlowlyListedStore store) =>
        await new DeltaTable(store, TimeProvider.System, Guid.NewGuid).ReadHistory();

    private static IEnumerable<long> VersionsOf(PartitionHistory history) =>
        history.LastDataChanges.Values.Select(change => change.Version).OrderDescending();
}
