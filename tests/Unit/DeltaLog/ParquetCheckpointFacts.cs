using Latecomer.DeltaLog;

namespace Latecomer.Tests.Unit.DeltaLog;

/// <summary>What checkpoints in Parquet hold and a reader gets wrong easily, each on a small log and a file made by hand.</summary>
public sealed class ParquetCheckpointFacts : IDisposable
{
    private const string First = """{"sidecar":{"path":"first.parquet","sizeInBytes":1,"modificationTime":1}}""";
    private const string Second = """{"sidecar":{"path":"second.parquet","sizeInBytes":1,"modificationTime":1}}""";
    private const string CheckpointMetadata = """{"checkpointMetadata":{"version":3}}""";

    private readonly TemporaryTable _table = new();

    public void Dispose() => _table.Dispose();

    [Fact]
    public async Task A_checkpoint_of_a_classic_name_with_V2_content_is_read_through_its_sidecars()
    {
        var definition = Definition();
        _table.PutCheckpoint(3, HandmadeCheckpoint.V2, [CheckpointMetadata, First, .. definition, Second]);
        _table.PutFile("_sidecars/first.parquet", HandmadeCheckpoint.Sidecar, Add("f1", "a"), """{"remove":{"path":"f0","deletionTimestamp":1}}""");
        _table.PutFile("_sidecars/second.parquet", HandmadeCheckpoint.Sidecar, Add("f2", "b"), Add("f3", "b"));
        _table.PutFile("_sidecars/of-another-checkpoint.parquet", HandmadeCheckpoint.Sidecar, Add("f9", "b"));
        _table.PutAdd(4, "f4", "a");
        var snapshot = await Read(4);
        Paths(snapshot).ShouldBe(["f1", "f2", "f3", "f4"]);
        snapshot.Partitions[TemporaryTable.In("b")].ActiveFiles.ShouldBe(2);
        snapshot.TableId.ShouldBe("t1");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_checkpoint_of_a_classic_name_with_V2_content_whose_sidecar_is_gone_or_broken_is_no_smaller_table(bool isThere)
    {
        _table.PutCheckpoint(3, HandmadeCheckpoint.V2, [CheckpointMetadata, .. Definition(), First, Second]);
        _table.PutFile("_sidecars/first.parquet", HandmadeCheckpoint.Sidecar, Add("f1", "a"));
        if (isThere)
        {
            await File.WriteAllTextAsync(Path.Combine(_table.LogFolder, "_sidecars", "second.parquet"), "PAR1");
        }

        var refused = await Should.ThrowAsync<DeltaException>(async () => await Read(3));
        refused.Class.ShouldBe(DeltaErrorClass.CorruptCheckpoint);
        refused.Message.ShouldContain("second.parquet");
        (await LogDefinition.Read(_table.Log)).Metadata.Id.ShouldBe("t1", "what the table is lies in no sidecar");
    }

    [Fact]
    public async Task Rows_that_only_stats_parsed_tells_are_counted_and_the_text_comes_first_where_both_do()
    {
        string[] actions =
        [
            .. Definition(),
            Add("f1", "a", ""","stats_parsed":{"numRecords":7}"""),
            Add("f2", "a", ""","stats":"{\"numRecords\":5}","stats_parsed":{"numRecords":6}"""),
            Add("f3", "b", ""","stats":"{}","stats_parsed":{"numRecords":0}"""),
            Add("f4", "c", ""","stats_parsed":{}"""),
        ];
        _table.PutCheckpoint(3, HandmadeCheckpoint.Classic, actions);
        var partitions = (await Read(3)).Partitions;
        partitions[TemporaryTable.In("a")].ShouldBe(new PartitionSummary(2, 20, 12, 0));
        partitions[TemporaryTable.In("b")].ShouldBe(new PartitionSummary(1, 10, 0, 0));
        partitions[TemporaryTable.In("c")].ShouldBe(new PartitionSummary(1, 10, 0, 1));

        _table.PutCheckpoint(3, HandmadeCheckpoint.WithoutStatsText, actions);
        (await Read(3)).Partitions[TemporaryTable.In("a")].ShouldBe(new PartitionSummary(2, 20, 13, 0), "the checkpoint has no column for the text");
    }

    [Fact]
    public async Task An_empty_string_and_null_are_one_partition_in_a_checkpoint_and_after_it()
    {
        _table.PutCheckpoint(
            3, HandmadeCheckpoint.Classic, [.. Definition(), Add("f1", ""), """{"add":{"path":"f2","partitionValues":{"p":null},"size":10,"modificationTime":1}}"""]);
        _table.PutAdd(4, "f3", "");
        var snapshot = await Read(4);
        snapshot.Partitions.ShouldHaveSingleItem().Key.ShouldBe(TemporaryTable.In(null));
        snapshot.FilesOf(TemporaryTable.In("")).Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_vector_without_offset_in_a_checkpoint_is_not_the_one_at_offset_0()
    {
        _table.PutCheckpoint(
            3, HandmadeCheckpoint.Classic, [.. Definition(), Add("f1", "a", Vector(offset: null)), Add("f1", "a", Vector(offset: 0)), Add("f2", "a", Vector(offset: null))]);
        _table.Put(4, $$$"""{"remove":{"path":"f1","dataChange":true{{{Vector(offset: 0)}}}}}""", $$$"""{"remove":{"path":"f2","dataChange":true{{{Vector(offset: 0)}}}}}""");
        (await Read(3)).Files.Select(file => $"{file.Path} {file.DeletionVector?.UniqueId}").Order(StringComparer.Ordinal).ShouldBe(["f1 px", "f1 px@0", "f2 px"]);
        (await Read(4)).Files.Select(file => $"{file.Path} {file.DeletionVector?.UniqueId}").Order(StringComparer.Ordinal).ShouldBe(["f1 px", "f2 px"]);
    }

    private static string Add(string path, string partition, string rest = "") =>
        $$$"""{"add":{"path":"{{{path}}}","partitionValues":{"p":"{{{partition}}}"},"size":10,"modificationTime":1{{{rest}}}}}""";

    private static string Vector(int? offset) =>
        $$$""","deletionVector":{"storageType":"p","pathOrInlineDv":"x"{{{(offset is { } at ? $",\"offset\":{at}" : "")}}},"sizeInBytes":1,"cardinality":2}""";

    private static IEnumerable<string> Paths(Snapshot snapshot) => snapshot.Files.Select(file => file.Path).Order(StringComparer.Ordinal);

    /// <summary>The actions that say what the table is; no commit says it.</summary>
    private string[] Definition()
    {
        _table.PutFirst();
        var lines = File.ReadAllLines(_table.PathOf(0));
        File.Delete(_table.PathOf(0));
        return lines;
    }

    private async Task<Snapshot> Read(long version) => await DeltaTable.At(_table.Folder).ReadSnapshot(version);
}
