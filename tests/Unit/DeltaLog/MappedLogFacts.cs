using System.Text.Json;
using Latecomer.DeltaLog;

namespace Latecomer.Tests.Unit.DeltaLog;

/// <summary>Column mapping through a whole log made by hand: partitions keep their physical names, whatever their columns are called.</summary>
public sealed class MappedLogFacts : IDisposable
{
    private static readonly PartitionValues Physical = PartitionValues.Of([new("c1", "x"), new("c2", "y")]);

    private readonly TemporaryTable _table = new();

    public void Dispose() => _table.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData(3L)]
    [InlineData(6L)]
    public async Task Partition_columns_that_are_renamed_and_swapped_go_on_under_their_physical_names(long? checkpoint)
    {
        PutSwappedAndRenamed(checkpoint);
        var snapshot = await Read(6);
        snapshot.Partitions.ShouldHaveSingleItem().Key.ShouldBe(Physical);
        snapshot.FilesOf(Physical).Select(file => file.Path).Order(StringComparer.Ordinal).ShouldBe(["f1", "f3", "f5", "f6"]);
        Name(snapshot.Mapping).ShouldBe("a=y/new=x");
        if (checkpoint is null or 3)
        {
            Name((await Read(5)).Mapping).ShouldBe("a=y/new=x");
            Name((await Read(3)).Mapping).ShouldBe("a=y/b=x");
        }

        if (checkpoint is null)
        {
            Name((await Read(1)).Mapping).ShouldBe("a=x/b=y");
        }
    }

    [Fact]
    public async Task A_follower_shows_one_partition_under_the_names_that_it_has_at_each_commit()
    {
        PutSwappedAndRenamed(checkpoint: null);
        var page = (await new LogFollower(_table.Log).ReadAfter(LogPosition.Start, 10)).ShouldBeOfType<FollowResult.Commits>();
        LogDefinition? definition = null;
        var names = new List<string>();
        foreach (var commit in page.Changes)
        {
            definition = definition?.After(commit) ?? LogDefinition.Of(commit);
            commit.Partitions.ShouldAllBe(change => change.Partition.Equals(Physical));
            names.AddRange(commit.Partitions.Select(_ => $"{commit.Version} {Name(definition!.Mapping)}"));
        }

        names.ShouldBe(["1 a=x/b=y", "3 a=y/b=x", "5 a=y/new=x", "6 a=y/new=x"]);
    }

    [Fact]
    public async Task A_last_change_belongs_to_the_physical_partition()
    {
        PutSwappedAndRenamed(checkpoint: null);
        _table.Put(7, """{"remove":{"path":"f1","dataChange":true,"partitionValues":{"c1":"x","c2":"y"}}}""");
        var listing = await _table.Table.ReadPartitions();
        listing.Partitions.ShouldHaveSingleItem().ShouldBe(Physical);
        listing.LastDataChangeOf(Physical).ShouldNotBeNull().Version.ShouldBe(7);
        listing.Named().ShouldHaveSingleItem().Name.Select(pair => $"{pair.Key}={pair.Value}").ShouldBe(["a=y", "new=x"]);
    }

    [Theory]
    [InlineData("""{"protocol":{"minReaderVersion":1,"minWriterVersion":5}}""")]
    [InlineData("""{"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["deletionVectors"],"writerFeatures":["deletionVectors"]}}""")]
    public async Task A_mapping_property_that_the_protocol_does_not_allow_leaves_a_log_under_its_own_names(string protocol)
    {
        _table.Put(0, protocol, Columns("a", ("a", "c1")));
        _table.Put(1, """{"add":{"path":"f","partitionValues":{"a":"x"},"size":10,"modificationTime":1,"dataChange":true}}""");
        var snapshot = await Read(1);
        snapshot.Mapping.Mode.ShouldBe("none");
        snapshot.Mapping.ToLogical(snapshot.Partitions.ShouldHaveSingleItem().Key).ShouldHaveSingleItem().ShouldBe(KeyValuePair.Create("a", (string?)"x"));
    }

    private static string Name(ColumnMapping mapping) => string.Join('/', mapping.ToLogical(Physical).Select(pair => $"{pair.Key}={pair.Value}"));

    private static string Add(string path) => $$$"""{"add":{"path":"{{{path}}}","partitionValues":{"c1":"x","c2":"y"},"size":10,"modificationTime":1,"dataChange":true}}""";

    private static string Columns(string partitionColumns, params (string Name, string Physical)[] fields)
    {
        var schema = $$"""{"type":"struct","fields":[{{string.Join(',', fields.Select(field => $$$"""{"name":"{{{field.Name}}}","type":"string","nullable":true,"metadata":{"delta.columnMapping.physicalName":"{{{field.Physical}}}"}}"""))}}]}""";
        var columns = string.Join(',', partitionColumns.Split(' ').Select(column => $"\"{column}\""));
        return $$$"""{"metaData":{"id":"t1","format":{"provider":"parquet"},"schemaString":{{{JsonSerializer.Serialize(schema)}}},"partitionColumns":[{{{columns}}}],"configuration":{"delta.columnMapping.mode":"name"},"createdTime":1}}""";
    }

    private async Task<Snapshot> Read(long version) => await DeltaTable.At(_table.Folder).ReadSnapshot(version);

    /// <summary>A table by a and b, which swap their names at version 2; what is then b becomes new at version 4. A checkpoint takes the place of the commits
    /// up to its version.</summary>
    private void PutSwappedAndRenamed(long? checkpoint)
    {
        const string Protocol = """{"protocol":{"minReaderVersion":2,"minWriterVersion":5}}""";
        var swapped = Columns("a b", ("b", "c1"), ("a", "c2"));
        var renamed = Columns("a new", ("new", "c1"), ("a", "c2"));
        string[][] commits = [[Protocol, Columns("a b", ("a", "c1"), ("b", "c2"))], [Add("f1")], [swapped], [Add("f3")], [renamed], [Add("f5")], [Add("f6")]];
        for (var version = 0; version < commits.Length; version++)
        {
            _table.Put(version, commits[version]);
        }

        if (checkpoint is { } at)
        {
            _table.PutCheckpoint(
                at, HandmadeCheckpoint.Classic, [Protocol, at < 4 ? swapped : renamed, .. commits.Take((int)at + 1).SelectMany(lines => lines).Where(line => line.Contains("\"add\"", StringComparison.Ordinal))]);
            for (var version = 0; version <= at; version++)
            {
                File.Delete(_table.PathOf(version));
            }
        }
    }
}
