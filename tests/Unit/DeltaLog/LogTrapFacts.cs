using Latecomer.DeltaLog;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.DeltaLog;

namespace Latecomer.Tests.Unit.DeltaLog;

/// <summary>What logs of other writers hold and a reader gets wrong easily, each on a small log made by hand.</summary>
public sealed class LogTrapFacts : IDisposable
{
    private readonly TemporaryTable _table = new();

    public void Dispose() => _table.Dispose();

    [Fact]
    public async Task Files_of_an_empty_string_and_of_null_lie_in_one_partition()
    {
        _table.PutFirst();
        _table.PutAdd(1, "f1", "");
        _table.Put(2, """{"add":{"path":"f2","partitionValues":{"p":null},"size":10,"modificationTime":1,"dataChange":true}}""");
        var snapshot = await _table.Table.ReadSnapshot();
        snapshot.Partitions.ShouldHaveSingleItem().Key.ShouldBe(TemporaryTable.In(null));
        snapshot.FilesOf(TemporaryTable.In("")).Count.ShouldBe(2);
        (await _table.Table.ReadPartitions()).LastDataChangeOf(TemporaryTable.In("")).ShouldNotBeNull().Version.ShouldBe(2);
    }

    [Fact]
    public async Task An_add_may_precede_the_remove_that_makes_room_for_it()
    {
        _table.PutFirst();
        _table.PutAdd(1, "f", "a", ""","stats":"{\"numRecords\":5}" """);
        _table.Put(2, Add("f", Vector(offset: 1)), Remove("f", vector: null));
        _table.Put(3, Add("f", Vector(offset: 9)), Remove("f", Vector(offset: 1)));
        var file = (await _table.Table.ReadSnapshot()).Files.ShouldHaveSingleItem();
        file.DeletionVector.ShouldNotBeNull().Offset.ShouldBe(9);
    }

    [Fact]
    public async Task A_remove_by_a_vector_without_offset_leaves_the_one_at_offset_0()
    {
        _table.PutFirst();
        _table.Put(1, Add("f", Vector(offset: 0)));
        _table.Put(2, Remove("f", Vector(offset: null)));
        (await _table.Table.ReadSnapshot()).NumFiles.ShouldBe(1);
        _table.Put(3, Remove("f", Vector(offset: 0)));
        (await _table.Table.ReadSnapshot()).NumFiles.ShouldBe(0);
    }

    [Fact]
    public async Task A_path_is_decoded_once_and_its_plus_is_no_blank()
    {
        _table.PutFirst();
        _table.PutAdd(1, "p=a%2520b/c+d.parquet", "a%20b");
        _table.Put(2, """{"remove":{"path":"p=a%20b/c+d.parquet","dataChange":true}}""", """{"remove":{"path":"p=a%2520b/c%20d.parquet","dataChange":true}}""");
        var file = (await _table.Table.ReadSnapshot()).Files.ShouldHaveSingleItem();
        file.DecodedPath.ShouldBe("p=a%20b/c+d.parquet");
    }

    [Fact]
    public async Task A_remove_without_partition_values_changes_the_partition_of_its_file()
    {
        _table.PutFirst();
        _table.PutAdd(1, "f", "a");
        _table.PutAdd(2, "g", "b");
        _table.Put(3, """{"remove":{"path":"f","dataChange":true,"deletionTimestamp":1}}""");
        var listing = await _table.Table.ReadPartitions();
        listing.LastDataChangeOf(TemporaryTable.In("a")).ShouldNotBeNull().Version.ShouldBe(3);
        listing.LastDataChangeOf(TemporaryTable.In("b")).ShouldNotBeNull().Version.ShouldBe(2);
        listing.Snapshot.Partitions.Keys.ShouldBe([TemporaryTable.In("b")]);
    }

    [Fact]
    public async Task Features_that_bind_only_writers_hinder_no_reader()
    {
        _table.PutFirst();
        _table.Put(1, """{"protocol":{"minReaderVersion":1,"minWriterVersion":7,"writerFeatures":["featureOfTomorrow"]}}""");
        _table.PutAdd(2, "f", "a");
        var snapshot = await _table.Table.ReadSnapshot();
        snapshot.NumFiles.ShouldBe(1);
        snapshot.Protocol.WriterFeatures.ShouldBe(["featureOfTomorrow"]);
        var refused = await Should.ThrowAsync<DeltaException>(async () => await _table.Append("g", "a"));
        (refused.Class, refused.Features.ShouldHaveSingleItem()).ShouldBe((DeltaErrorClass.UnsupportedWriterFeature, "featureOfTomorrow"));
    }

    [Fact]
    public async Task Carriage_returns_blank_lines_null_and_unknown_actions_do_not_stop_a_log()
    {
        _table.PutFirst();
        _table.Put(1, "\r", Add("f", "null") + "\r", "  ", """{"add":null,"tomorrow":{"add":{"path":"no"}}}""", """{"remove":null}""");
        (await _table.Table.ReadSnapshot()).Files.ShouldHaveSingleItem().Path.ShouldBe("f");
        var page = (await new LogFollower(_table.Log).ReadAfter(0, 10)).ShouldBeOfType<FollowResult.Commits>();
        page.Changes.ShouldHaveSingleItem().Partitions.ShouldHaveSingleItem().Added.Files.ShouldBe(1);
    }

    [Fact]
    public async Task A_compaction_file_stands_in_for_commits_and_is_never_one()
    {
        _table.PutFirst();
        _table.PutAdd(1, "f1", "a");
        _table.PutAdd(2, "f2", "a");
        var compacted = Path.Combine(_table.LogFolder, "00000000000000000001.00000000000000000002.compacted.json");
        await File.WriteAllLinesAsync(compacted, [Add("f1", "null"), Add("f2", "null")]);
        (await _table.Table.ReadSnapshot()).NumFiles.ShouldBe(2);
        var follower = new LogFollower(_table.Log);
        var page = (await follower.ReadAfter(LogPosition.Start, 10)).ShouldBeOfType<FollowResult.Commits>();
        page.Changes.Select(changes => changes.Version).ShouldBe([0, 1, 2]);

        File.Delete(_table.PathOf(2));
        (await LogSegment.List(_table.Log, from: 0, default)).Latest.ShouldBe(1, "a compaction file makes no version");
    }

    [Fact]
    public async Task A_commit_named_by_the_greatest_number_is_none()
    {
        var log = PagedLogStore.Of(Path.Combine(HandmadeTables.Folder, "syn-random-01"));
        log.Replace("09223372036854775807.json", log.Files[0].Value);
        (await InspectionDocument.Write(log, Stream.Null)).ShouldBeNull();
        (await new DeltaTable(log, TimeProvider.System, Guid.NewGuid).ReadSnapshot()).Version.ShouldBe(29);
    }

    private static string Add(string path, string vector) =>
        $$$"""{"add":{"path":"{{{path}}}","partitionValues":{"p":"a"},"size":10,"modificationTime":1,"dataChange":true,"deletionVector":{{{vector}}}}}""";

    private static string Remove(string path, string? vector) =>
        $$$"""{"remove":{"path":"{{{path}}}","partitionValues":{"p":"a"},"size":10,"dataChange":true,"deletionVector":{{{vector ?? "null"}}}}}""";

    private static string Vector(int? offset) =>
        $$$"""{"storageType":"p","pathOrInlineDv":"x"{{{(offset is { } at ? $",\"offset\":{at}" : "")}}},"sizeInBytes":1,"cardinality":2}""";
}
