using Latecomer.DeltaLog;

namespace Latecomer.Tests.Unit.DeltaLog;

public sealed class SnapshotFacts : IDisposable
{
    private readonly TemporaryTable _table = new();

    public void Dispose() => _table.Dispose();

    [Fact]
    public async Task A_folder_without_a_log_is_no_table_and_the_message_says_so()
    {
        var error = await Should.ThrowAsync<DeltaException>(async () => await _table.Table.ReadSnapshot());
        error.Class.ShouldBe(DeltaErrorClass.TableNotFound);
        error.Message.ShouldBe($"no Delta table at {_table.Folder}: it has no _delta_log folder");
        (await _table.Table.TryReadSnapshot()).ShouldBeNull();
        Directory.Exists(_table.Folder).ShouldBeFalse();
    }

    [Fact]
    public async Task An_empty_log_is_no_table()
    {
        Directory.CreateDirectory(_table.LogFolder);
        (await Should.ThrowAsync<DeltaException>(async () => await _table.Table.ReadSnapshot())).Class.ShouldBe(DeltaErrorClass.TableNotFound);
    }

    [Fact]
    public async Task A_partition_with_no_files_left_still_has_a_last_change()
    {
        await _table.Created(TemporaryTable.File("a0", "a", rows: 7), TemporaryTable.File("b0", "b"));
        (await _table.Table.OverwritePartition(TemporaryTable.In("a"), [], CommitOrigin.None)).ShouldBe(new CommitResult.Committed(1));
        var snapshot = await _table.Table.ReadSnapshot();
        snapshot.FilesOf(TemporaryTable.In("a")).ShouldBeEmpty();
        snapshot.FilesOf(TemporaryTable.In("b")).ShouldHaveSingleItem().Path.ShouldBe("b0");
        snapshot.Partitions.Keys.ShouldBe([TemporaryTable.In("b")]);
        var listing = await _table.Table.ReadPartitions();
        listing.Partitions.Count().ShouldBe(2);
        listing.SummaryOf(TemporaryTable.In("a")).ShouldBe(PartitionSummary.Empty);
        listing.LastDataChangeOf(TemporaryTable.In("a")).ShouldNotBeNull().Version.ShouldBe(1);
        listing.SummaryOf(TemporaryTable.In("b")).ShouldBe(new PartitionSummary(1, 100, 1, 0));
        listing.LastDataChangeOf(TemporaryTable.In("b")).ShouldNotBeNull().Version.ShouldBe(0);
    }

    [Fact]
    public async Task Older_versions_stay_readable_and_versions_beyond_the_latest_are_refused()
    {
        await _table.Created(TemporaryTable.File("a0", "a"));
        await _table.Append("a1", "a");
        (await _table.Table.ReadSnapshot(0)).NumFiles.ShouldBe(1);
        (await _table.Table.ReadSnapshot(1)).NumFiles.ShouldBe(2);
        (await Should.ThrowAsync<DeltaException>(async () => await _table.Table.ReadSnapshot(2))).Class.ShouldBe(DeltaErrorClass.VersionNotFound);
    }

    [Fact]
    public async Task A_snapshot_that_is_remembered_is_dropped_when_the_table_is_recreated()
    {
        await _table.Created(TemporaryTable.File("old", "a"));
        var old = await _table.Table.ReadSnapshot();
        Directory.Delete(_table.Folder, recursive: true);
        var recreated = DeltaTable.At(_table.Folder);
        await recreated.Create(TemporaryTable.Definition(), [TemporaryTable.File("new", "a")], CommitOrigin.None);
        await recreated.Append([TemporaryTable.File("new1", "a")], CommitOrigin.None);
        var now = await _table.Table.ReadSnapshot();
        now.TableId.ShouldNotBe(old.TableId);
        now.Files.Select(file => file.Path).Order().ShouldBe(["new", "new1"]);
        old.Files.ShouldHaveSingleItem().Path.ShouldBe("old");
    }
}
