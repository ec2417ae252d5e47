using System.Text.Json.Nodes;
using Latecomer.DeltaLog;
using Latecomer.Parquet;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.DeltaLog;
using Latecomer.Tests.Unit.Parquet;

namespace Latecomer.Tests.Unit.DeltaLog;

public sealed class CheckpointWriterFacts : IDisposable
{
    private const string V2Protocol =
        """{"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["v2Checkpoint"],"writerFeatures":["v2Checkpoint"]}}""";

    private readonly TemporaryTable _table = new();

    public void Dispose() => _table.Dispose();

    [Fact]
    public async Task Every_tenth_commit_is_followed_by_a_checkpoint_that_replaces_the_commits_before_it()
    {
        await _table.Created(TemporaryTable.File("f0", "a"));
        for (var i = 1; i <= 21; i++)
        {
            (await _table.Append($"f{i}", "a")).ShouldBe(new CommitResult.Committed(i));
        }

        Checkpoints().ShouldBe([LogFile.CheckpointName(10), LogFile.CheckpointName(20)]);
        Enumerable.Range(0, 20).ToList().ForEach(version => File.Delete(_table.PathOf(version)));
        File.Delete(Path.Combine(_table.LogFolder, LogFile.CheckpointName(10)));
        (await DeltaTable.At(_table.Folder).ReadSnapshot()).Files.Select(file => file.Path).ShouldBe(Enumerable.Range(0, 22).Select(i => $"f{i}"), ignoreOrder: true);
    }

    [Fact]
    public async Task A_store_without_folders_gets_checkpoints_too()
    {
        var store = new PagedLogStore();
        var table = new DeltaTable(store, TimeProvider.System, Guid.NewGuid);
        await table.Create(TemporaryTable.Definition(), [], CommitOrigin.None);
        for (var i = 1; i <= 12; i++)
        {
            await table.Append([TemporaryTable.File($"f{i}", "a")], CommitOrigin.None);
        }

        Enumerable.Range(0, 10).ToList().ForEach(version => store.Delete(LogFile.CommitName(version)));
        (await new DeltaTable(store, TimeProvider.System, Guid.NewGuid).ReadSnapshot()).NumFiles.ShouldBe(12);
        store.Files.Select(file => file.Key).ShouldBe(
            [LogFile.CommitName(10), LogFile.CheckpointName(10), LogFile.CommitName(11), LogFile.CommitName(12), "_last_checkpoint"], ignoreOrder: true);
    }

    [Fact]
    public async Task The_hint_names_the_newest_checkpoint_and_what_it_holds()
    {
        await _table.Created(TemporaryTable.File("f0", "a"), TemporaryTable.File("f1", "a"));
        await _table.Append("f2", "b", new SetTransaction("app", 7));
        var written = (await _table.Table.WriteCheckpoint()).ShouldBeOfType<CheckpointResult.Written>();
        (written.Version, written.Actions, written.Files).ShouldBe((1, 6, 3));
        var hint = JsonNode.Parse(await File.ReadAllTextAsync(Hint)).ShouldNotBeNull();
        ((long)hint["version"]!, (long)hint["size"]!, (long)hint["numOfAddFiles"]!).ShouldBe((1, 6, 3));
        ((long)hint["sizeInBytes"]!).ShouldBe(new FileInfo(Path.Combine(_table.LogFolder, written.Name)).Length);

        var before = await File.ReadAllTextAsync(Hint);
        (await _table.Table.WriteCheckpoint()).ShouldBe(new CheckpointResult.AlreadyThere(1, written.Name));
        (await _table.Table.WriteCheckpoint(0)).ShouldBeOfType<CheckpointResult.Written>().Files.ShouldBe(2);
        (await File.ReadAllTextAsync(Hint)).ShouldBe(before, "an older checkpoint is no better place to begin");
    }

    [Fact]
    public async Task A_hint_that_names_a_checkpoint_which_is_not_there_is_replaced()
    {
        await _table.Created();
        await File.WriteAllTextAsync(Hint, """{"version":99,"size":1}""");
        await _table.Table.WriteCheckpoint();
        ((long?)JsonNode.Parse(await File.ReadAllTextAsync(Hint))?["version"]).ShouldBe(0);
    }

    [Fact]
    public async Task A_checkpoint_holds_each_action_in_the_column_of_its_kind()
    {
        _table.PutFirst();
        _table.Put(
            1,
            """{"add":{"path":"x","partitionValues":{"p":""},"size":10,"modificationTime":1,"dataChange":true,"stats":"{\"numRecords\":3}","tags":{"t":"1"},"deletionVector":{"storageType":"i","pathOrInlineDv":"abc","sizeInBytes":3,"cardinality":1}}}""",
            """{"domainMetadata":{"domain":"d","configuration":"{}","removed":false}}""",
            """{"domainMetadata":{"domain":"gone","configuration":"","removed":true}}""");
        await _table.Table.WriteCheckpoint();
        var rows = await Rows(Checkpoints().ShouldHaveSingleItem());
        rows.Select(row => row.AsObject().Where(column => column.Value is not null).ShouldHaveSingleItem().Key).ShouldBe(["protocol", "metaData", "domainMetadata", "add"]);
        var add = rows[^1]["add"].ShouldNotBeNull();
        add["partitionValues"]!.ToJsonString().ShouldBe("""[["p",""]]""");
        add["tags"]!.ToJsonString().ShouldBe("""[["t","1"]]""");
        add["dataChange"]!.GetValue<bool>().ShouldBeFalse();
        add["stats"]!.GetValue<string>().ShouldBe("""{"numRecords":3}""");
        add["deletionVector"]!["offset"].ShouldBeNull();
        rows[1]["metaData"]!["partitionColumns"]!.ToJsonString().ShouldBe("""["p"]""");
        rows[0]["protocol"]!["writerFeatures"].ShouldBeNull();
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData("interval 2 days", 0)]
    [InlineData("interval 2 weeks", 2)]
    [InlineData("interval 3 months", 3)]
    public async Task Tombstones_are_kept_for_as_long_as_the_table_says(string? retention, int kept)
    {
        var properties = retention is null ? "" : $"\"delta.deletedFileRetentionDuration\":\"{retention}\"";
        Put(properties, """{"add":{"path":"a","partitionValues":{},"size":1,"modificationTime":1,"dataChange":true}}""");
        _table.Put(1, Remove("a", daysAgo: 4), Remove("b", daysAgo: 10), Remove("c", daysAgo: 30));
        await WriteAt(Now);
        (await Rows(Checkpoints().ShouldHaveSingleItem())).Count(row => row["remove"] is not null).ShouldBe(kept);
    }

    [Fact]
    public async Task Tombstones_go_from_checkpoint_to_checkpoint_until_the_file_is_added_again()
    {
        Put("", """{"add":{"path":"a","partitionValues":{},"size":1,"modificationTime":1,"dataChange":true}}""");
        _table.Put(1, Remove("a", daysAgo: 1), Remove("b", daysAgo: 1));
        await WriteAt(Now);
        File.Delete(_table.PathOf(0));
        _table.Put(2, """{"add":{"path":"b","partitionValues":{},"size":1,"modificationTime":1,"dataChange":true}}""");
        await WriteAt(Now);
        var rows = await Rows(LogFile.CheckpointName(2));
        rows.Select(row => (string?)row["remove"]?["path"]).OfType<string>().ShouldBe(["a"]);
        rows.Select(row => (string?)row["add"]?["path"]).OfType<string>().ShouldBe(["b"]);
    }

    [Fact]
    public async Task A_checkpoint_that_fails_leaves_the_commit_as_it_is()
    {
        await _table.Created();
        var table = new DeltaTable(new FullStore(_table.Log), TimeProvider.System, Guid.NewGuid);
        for (var i = 1; i <= 11; i++)
        {
            (await table.Append([TemporaryTable.File($"f{i}", "a")], CommitOrigin.None)).ShouldBe(new CommitResult.Committed(i));
        }

        await Should.ThrowAsync<IOException>(async () => await table.WriteCheckpoint());
        Checkpoints().ShouldBeEmpty();
        Directory.EnumerateFiles(_table.LogFolder, ".latecomer-*").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_table_may_ask_for_other_intervals_and_for_no_statistics()
    {
        Put("\"delta.checkpointInterval\":\"3\",\"delta.checkpoint.writeStatsAsJson\":\"false\"");
        for (var i = 1; i <= 7; i++)
        {
            await _table.Append($"f{i}", "a");
        }

        Checkpoints().ShouldBe([LogFile.CheckpointName(3), LogFile.CheckpointName(6)]);
        (await Rows(LogFile.CheckpointName(6)))[^1]["add"]!.AsObject().ContainsKey("stats").ShouldBeFalse();
    }

    [Fact]
    public async Task A_table_with_the_v2_policy_gets_a_v2_checkpoint_under_a_name_of_its_own()
    {
        _table.Put(0, V2Protocol, Definition("\"delta.checkpointPolicy\":\"v2\""));
        _table.PutAdd(1, "x", "a");
        var name = (await _table.Table.WriteCheckpoint()).ShouldBeOfType<CheckpointResult.Written>().Name;
        LogFile.Parse(name).ShouldBeOfType<LogFile.Checkpoint>().Kind.ShouldBe(CheckpointKind.UuidParquet);
        ((string?)(await Rows(name))[0]["checkpointMetadata"]?["version"]).ShouldBe("1");
        (await _table.Table.WriteCheckpoint()).ShouldBe(new CheckpointResult.AlreadyThere(1, name));
        File.Delete(_table.PathOf(0));
        (await DeltaTable.At(_table.Folder).ReadSnapshot()).Files.ShouldHaveSingleItem().Path.ShouldBe("x");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{broken}")]
    [InlineData("{\\\"minValues\\\":{\\\"numRecords\\\":1}} ")]
    public async Task Rows_that_only_parsed_statistics_tell_stay_known(string text)
    {
        _table.Put(0, V2Protocol, Definition(""));
        _table.PutAdd(1, "x", "a", $$""","stats":"{{text}}","stats_parsed":{"numRecords":5}""");
        (await _table.Table.WriteCheckpoint()).ShouldBeOfType<CheckpointResult.Written>();
        File.Delete(_table.PathOf(0));
        (await DeltaTable.At(_table.Folder).ReadSnapshot()).Files.ShouldHaveSingleItem().NumRecords.ShouldBe(5);
    }

    [Fact]
    public async Task Options_of_the_files_format_go_into_checkpoints_and_further_definitions()
    {
        var definition = Definition("").Replace("\"options\":{}", "\"options\":{\"codec\":\"x\"}", StringComparison.Ordinal);
        _table.Put(0, """{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}""", definition);
        _table.PutAdd(1, "x", "a");
        (await _table.Table.WriteCheckpoint()).ShouldBeOfType<CheckpointResult.Written>();
        File.Delete(_table.PathOf(0));
        var table = DeltaTable.At(_table.Folder);
        (await table.ReadSnapshot()).Metadata.FormatOptions.ShouldHaveSingleItem().ShouldBe(new("codec", "x"));

        (await table.SetProperties(new Dictionary<string, string?>(StringComparer.Ordinal) { ["a.b"] = "c" }, CommitOrigin.None)).ShouldBe(new CommitResult.Committed(2));
        (await File.ReadAllTextAsync(_table.PathOf(2))).ShouldContain("\"options\":{\"codec\":\"x\"}");
    }

    [Fact]
    public async Task A_table_with_the_v2_feature_and_no_policy_gets_a_classic_one()
    {
        _table.Put(0, V2Protocol, Definition(""));
        (await _table.Table.WriteCheckpoint()).ShouldBeOfType<CheckpointResult.Written>().Name.ShouldBe(LogFile.CheckpointName(0));
    }

    [Fact]
    public async Task A_writer_feature_that_nobody_here_knows_is_refused_by_name()
    {
        _table.Put(0, """{"protocol":{"minReaderVersion":1,"minWriterVersion":7,"writerFeatures":["appendOnly","newIdea"]}}""", Definition(""));
        var error = await Should.ThrowAsync<DeltaException>(async () => await _table.Table.WriteCheckpoint());
        error.Class.ShouldBe(DeltaErrorClass.UnsupportedWriterFeature);
        error.Features.ShouldBe(["newIdea"]);
        Checkpoints().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("interval 1 week", 168.0)]
    [InlineData("INTERVAL 2 days 12 hours", 60.0)]
    [InlineData("  30   minutes ", 0.5)]
    [InlineData("interval 1 month", null)]
    [InlineData("interval", null)]
    [InlineData("week", null)]
    [InlineData("interval x days", null)]
    [InlineData("interval 9223372036854775807 weeks", null)]
    public void Intervals_are_read_as_spark_writes_them(string text, double? hours) => (IntervalText.TryParse(text)?.TotalHours).ShouldBe(hours);

    private static readonly DateTimeOffset Now = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);

    private string Hint => Path.Combine(_table.LogFolder, "_last_checkpoint");

    private static string Definition(string properties) =>
        """{"metaData":{"id":"t","format":{"provider":"parquet","options":{}},"schemaString":"{\"type\":\"struct\",\"fields\":[]}","partitionColumns":["p"],"configuration":{PROPERTIES},"createdTime":1}}""".Replace("PROPERTIES", properties, StringComparison.Ordinal);

    private static string Remove(string path, int daysAgo) =>
        $$$"""{"remove":{"path":"{{{path}}}","deletionTimestamp":{{{Now.AddDays(-daysAgo).ToUnixTimeMilliseconds()}}},"dataChange":true}}""";

    private void Put(string properties, params string[] actions) =>
        _table.Put(0, [V2Protocol.Replace("v2Checkpoint", "timestampNtz", StringComparison.Ordinal), Definition(properties), .. actions]);

    private async Task WriteAt(DateTimeOffset now) =>
        (await new DeltaTable(_table.Log, new FakeClock(now), Guid.NewGuid).WriteCheckpoint()).ShouldBeOfType<CheckpointResult.Written>();

    private string[] Checkpoints() =>
        [.. Directory.EnumerateFiles(_table.LogFolder, "*.checkpoint.*").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private async Task<List<JsonNode>> Rows(string name)
    {
        var file = await File.ReadAllBytesAsync(Path.Combine(_table.LogFolder, name));
        var reader = await ParquetReader.OpenAsync(new MemorySource(name, file));
        return [.. (await JsonRows.ReadAsync(reader)).Select(line => JsonNode.Parse(line).ShouldNotBeNull())];
    }
}
