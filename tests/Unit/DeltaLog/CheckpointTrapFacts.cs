using Latecomer.DeltaLog;

namespace Latecomer.Tests.Unit.DeltaLog;

/// <summary>What goes wrong with checkpoints and their hint, each on a small log made by hand; the checkpoints are JSON, so that a test shows what they hold.</summary>
public sealed class CheckpointTrapFacts : IDisposable
{
    private readonly TemporaryTable _table = new();

    public void Dispose() => _table.Dispose();

    [Theory]
    [InlineData("""{"version":1,"size":4}""")]
    [InlineData("""{"version":99,"size":4}""")]
    [InlineData("""{"version":-1}""")]
    [InlineData("""{"version":"3"}""")]
    [InlineData("{\"version\":3")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("\0\0\0")]
    public async Task A_last_checkpoint_that_is_stale_dangling_or_corrupt_misleads_nobody(string hint)
    {
        PutLog(lastVersion: 5);
        PutCheckpoint(1);
        PutCheckpoint(3);
        await File.WriteAllTextAsync(Path.Combine(_table.LogFolder, "_last_checkpoint"), hint);
        await IsWhole(5);
        Delete(0, 2);
        await IsWhole(5);
    }

    [Fact]
    public async Task A_gap_below_a_checkpoint_is_bridged_by_it_and_one_above_is_not()
    {
        PutLog(lastVersion: 5);
        PutCheckpoint(3);
        Delete(2, 2);
        await IsWhole(5);
        (await Refused(2)).Class.ShouldBe(DeltaErrorClass.VersionNotReachable);
        (await _table.Table.ReadSnapshot(1)).NumFiles.ShouldBe(1);

        Delete(4, 4);
        (await Refused(null)).Class.ShouldBe(DeltaErrorClass.VersionsNotContiguous);
        (await _table.Table.ReadSnapshot(3)).NumFiles.ShouldBe(3);
    }

    [Fact]
    public async Task A_checkpoint_that_lacks_a_part_is_none()
    {
        PutLog(lastVersion: 3);
        PutPart(2, part: 1, parts: 2);
        PutPart(2, part: 2, parts: 3);
        await IsWhole(3);
        Delete(0, 1);
        (await Refused(null)).Class.ShouldBe(DeltaErrorClass.VersionNotReachable);
        Delete(2, 3);
        (await Refused(null)).Class.ShouldBe(DeltaErrorClass.TableNotFound);
    }

    [Fact]
    public async Task A_broken_checkpoint_is_passed_over_for_an_older_one_and_for_the_commits()
    {
        PutLog(lastVersion: 5);
        PutCheckpoint(2);
        await File.WriteAllTextAsync(Path.Combine(_table.LogFolder, "00000000000000000004.checkpoint.parquet"), "PAR1");
        await IsWhole(5);
        Delete(0, 1);
        await IsWhole(5);
        Delete(3, 3);
        (await Refused(4)).Class.ShouldBe(DeltaErrorClass.VersionNotReachable);
    }

    [Fact]
    public async Task Rows_that_only_stats_parsed_tells_are_counted()
    {
        PutLog(lastVersion: 1);
        PutCheckpoint(1, ""","stats_parsed":{"numRecords":7,"minValues":{"numRecords":3}}""");
        Delete(0, 1);
        var snapshot = await _table.Table.ReadSnapshot();
        snapshot.Files.ShouldHaveSingleItem().NumRecords.ShouldBe(7);
        snapshot.Partitions[TemporaryTable.In("a")].Rows.ShouldBe(7);
    }

    [Fact]
    public async Task A_partition_whose_last_change_lies_before_the_oldest_commit_is_listed_without_one()
    {
        PutLog(lastVersion: 3);
        PutCheckpoint(2);
        Delete(0, 2);
        _table.Put(3, """{"add":{"path":"g","partitionValues":{"p":"b"},"size":10,"modificationTime":1,"dataChange":true}}""");
        var listing = await _table.Table.ReadPartitions();
        listing.LastDataChangeOf(TemporaryTable.In("a")).ShouldBeNull();
        listing.LastDataChangeOf(TemporaryTable.In("b")).ShouldNotBeNull().Version.ShouldBe(3);
        listing.UnknownUpTo.ShouldBe(2);
    }

    private void PutLog(int lastVersion)
    {
        _table.PutFirst();
        for (var version = 1; version <= lastVersion; version++)
        {
            _table.PutAdd(version, $"f{version}", "a");
        }
    }

    /// <summary>The state of such a log at a version: a file for each version from 1 on.</summary>
    private void PutCheckpoint(int version, string rest = "") => File.WriteAllLines(
        Path.Combine(_table.LogFolder, $"{LogFile.FirstNameOf(version)}.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json"),
        [
            $$$"""{"checkpointMetadata":{"version":{{{version}}}}}""",
            .. File.ReadAllLines(_table.PathOf(0)),
            .. Enumerable.Range(1, version).Select(at => $$$"""{"add":{"path":"f{{{at}}}","partitionValues":{"p":"a"},"size":10,"modificationTime":1,"dataChange":false{{{rest}}}}}"""),
        ]);

    private void PutPart(int version, int part, int parts) =>
        File.WriteAllText(Path.Combine(_table.LogFolder, $"{LogFile.FirstNameOf(version)}.checkpoint.{part:D10}.{parts:D10}.parquet"), "PAR1");

    private void Delete(int first, int last)
    {
        for (var version = first; version <= last; version++)
        {
            File.Delete(_table.PathOf(version));
        }
    }

    /// <summary>A new reader each time: one that remembers its last snapshot would not look at checkpoints.</summary>
    private async Task IsWhole(int latest)
    {
        var snapshot = await DeltaTable.At(_table.Folder).ReadSnapshot();
        snapshot.Version.ShouldBe(latest);
        snapshot.Files.Select(file => file.Path).Order(StringComparer.Ordinal).ShouldBe(Enumerable.Range(1, latest).Select(version => $"f{version}"));
    }

    private async Task<DeltaException> Refused(long? version) =>
        await Should.ThrowAsync<DeltaException>(async () => await DeltaTable.At(_table.Folder).ReadSnapshot(version));
}
