using System.Text.Json;
using Latecomer.DeltaLog;

namespace Latecomer.Tests.Unit.DeltaLog;

public sealed class CommitWriterFacts : IDisposable
{
    private readonly TemporaryTable _table = new();

    public void Dispose() => _table.Dispose();

    [Fact]
    public async Task Many_writers_that_append_at_once_lose_nothing_and_leave_no_gap()
    {
        const int Writers = 8;
        const int Each = 15;
        await _table.Created();
        var acknowledged = await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            var table = DeltaTable.At(_table.Folder);
            var versions = new List<(long Version, string Path)>();
            for (var i = 0; i < Each; i++)
            {
                var path = $"w{writer}-{i}";
                var result = await table.Append([TemporaryTable.File(path, "a")], CommitOrigin.None);
                versions.Add((result.ShouldBeOfType<CommitResult.Committed>().Version, path));
            }

            return versions;
        })));

        var all = acknowledged.SelectMany(versions => versions).OrderBy(commit => commit.Version).ToArray();
        all.Select(commit => commit.Version).ShouldBe(Enumerable.Range(1, Writers * Each).Select(version => (long)version));
        var log = new LocalLogStore(_table.Folder);
        foreach (var (version, path) in all)
        {
            var commit = (await CommitReader.TryRead(log, version, ActionDetail.Counts, default)).ShouldNotBeNull();
            commit.Actions.OfType<AddFile>().ShouldHaveSingleItem().Path.ShouldBe(path);
        }

        (await DeltaTable.At(_table.Folder).ReadSnapshot()).NumFiles.ShouldBe(Writers * Each);
    }

    [Fact]
    public async Task Of_many_that_create_one_table_one_succeeds()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
            await DeltaTable.At(_table.Folder).Create(TemporaryTable.Definition(), [], CommitOrigin.None))));
        results.OfType<CommitResult.Committed>().ShouldHaveSingleItem();
        results.OfType<CommitResult.Conflict>().ShouldAllBe(conflict => conflict.Kind == ConflictKind.TableCreated);
        results.OfType<CommitResult.Conflict>().Count().ShouldBe(5);
    }

    [Fact]
    public async Task The_same_txn_is_committed_once_and_a_lower_one_is_superseded()
    {
        await _table.Created();
        (await _table.Append("f1", "a", new SetTransaction("app", 5))).ShouldBe(new CommitResult.Committed(1));
        (await _table.Append("f1", "a", new SetTransaction("app", 5))).ShouldBe(new CommitResult.AlreadyCommitted(1));
        (await _table.Append("f2", "a", new SetTransaction("other", 4))).ShouldBe(new CommitResult.Committed(2));
        (await _table.Append("f0", "a", new SetTransaction("app", 4))).ShouldBe(new CommitResult.Superseded(1, 5));
        (await _table.Append("f3", "a", new SetTransaction("app", 6))).ShouldBe(new CommitResult.Committed(3));
        (await _table.Table.ReadSnapshot()).Transactions["app"].ShouldBe(new CommittedTransaction(6, null, 3));
    }

    [Theory]
    [InlineData(5, typeof(CommitResult.AlreadyCommitted))]
    [InlineData(6, typeof(CommitResult.Superseded))]
    [InlineData(4, typeof(CommitResult.Committed))]
    public async Task A_txn_that_gets_in_between_decides_too(long theirs, Type expected)
    {
        await _table.Created();
        var read = await _table.Table.ReadSnapshot();
        await _table.Append("f1", "a", new SetTransaction("app", theirs));
        var result = await Writer().Commit(read, TableWrites.Append(read, [TemporaryTable.File("f2", "a")], new CommitOrigin(new SetTransaction("app", 5))));
        result.ShouldBeOfType(expected);
    }

    [Theory]
    [InlineData("b", null)]
    [InlineData("a", ConflictKind.ConcurrentAppend)]
    public async Task An_overwrite_passes_a_commit_to_another_partition_and_conflicts_on_its_own(string other, ConflictKind? expected)
    {
        await _table.Created(TemporaryTable.File("a0", "a"), TemporaryTable.File("b0", "b"));
        var read = await _table.Table.ReadSnapshot();
        await _table.Append("x", other);
        var result = await Overwrite(read, "a", "a1");
        ((result as CommitResult.Conflict)?.Kind).ShouldBe(expected);
        if (expected is null)
        {
            result.ShouldBe(new CommitResult.Committed(2));
        }
    }

    [Fact]
    public async Task Two_overwrites_of_one_partition_conflict()
    {
        await _table.Created(TemporaryTable.File("a0", "a"));
        var read = await _table.Table.ReadSnapshot();
        (await Overwrite(read, "a", "a1")).ShouldBe(new CommitResult.Committed(1));
        (await Overwrite(read, "a", "a2")).ShouldBeOfType<CommitResult.Conflict>().AtVersion.ShouldBe(1);
        _table.Put(2, """{"remove":{"path":"a1","dataChange":true}}""");
        var later = await _table.Table.ReadSnapshot(1);
        (await Overwrite(later, "a", "a3")).ShouldBeOfType<CommitResult.Conflict>().Kind.ShouldBe(ConflictKind.ConcurrentDeleteDelete);
    }

    [Fact]
    public async Task Overwriting_through_the_table_rebases_and_keeps_one_writers_files()
    {
        await _table.Created(TemporaryTable.File("a0", "a"));
        var results = await Task.WhenAll(Enumerable.Range(0, 6).Select(writer => Task.Run(async () =>
            await DeltaTable.At(_table.Folder).OverwritePartition(TemporaryTable.In("a"), [TemporaryTable.File($"w{writer}", "a")], CommitOrigin.None))));
        var last = Array.FindIndex(results, result => result is CommitResult.Committed { Version: 6 });
        (await DeltaTable.At(_table.Folder).ReadSnapshot()).Files.ShouldHaveSingleItem().Path.ShouldBe($"w{last}");
    }

    [Theory]
    [InlineData("""{"metaData":{"id":"t1","format":{"provider":"parquet","options":{}},"schemaString":"{\"type\":\"struct\",\"fields\":[]}","partitionColumns":["p"],"configuration":{"a":"b"}}}""", ConflictKind.MetadataChanged)]
    [InlineData("""{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}""", ConflictKind.ProtocolChanged)]
    public async Task Even_a_blind_append_conflicts_with_a_change_of_the_definition(string action, ConflictKind expected)
    {
        _table.PutFirst();
        var read = await _table.Table.ReadSnapshot();
        _table.Put(1, action);
        var result = await Writer().Commit(read, TableWrites.Append(read, [TemporaryTable.File("f", "a")], CommitOrigin.None));
        result.ShouldBeOfType<CommitResult.Conflict>().Kind.ShouldBe(expected);
        File.Exists(_table.PathOf(2)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("""{"protocol":{"minReaderVersion":1,"minWriterVersion":7,"writerFeatures":["appendOnly","rowTracking"]}}""", "rowTracking")]
    [InlineData("""{"protocol":{"minReaderVersion":1,"minWriterVersion":8}}""", "writer version 8")]
    public async Task A_table_that_needs_another_writer_is_refused_by_feature(string protocol, string feature)
    {
        _table.PutFirst();
        _table.Put(1, protocol);
        var error = await Should.ThrowAsync<DeltaException>(async () => await _table.Append("f", "a"));
        error.Class.ShouldBe(DeltaErrorClass.UnsupportedWriterFeature);
        error.Message.ShouldContain(feature);
        File.Exists(_table.PathOf(2)).ShouldBeFalse();
    }

    [Theory]
    [InlineData(3, """{"delta.constraints.positive":"id > 0"}""", "{}", "checkConstraints")]
    [InlineData(4, """{"delta.enableChangeDataFeed":"true"}""", "{}", "changeDataFeed")]
    [InlineData(4, "{}", """{"delta.generationExpression":"id + 1"}""", "generatedColumns")]
    [InlineData(5, """{"delta.columnMapping.mode":"name"}""", "{}", "columnMapping")]
    [InlineData(6, "{}", """{"delta.identity.start":1}""", "identityColumns")]
    [InlineData(2, "{}", """{"delta.invariants":"{}"}""", "invariants")]
    public async Task What_a_writer_version_stands_for_is_asked_of_the_writer_where_the_table_uses_it(int version, string properties, string column, string feature)
    {
        _table.Put(0, $$$"""{"protocol":{"minReaderVersion":{{{(version >= 5 ? 2 : 1)}}},"minWriterVersion":{{{version}}} } }""", Definition("{}", "{}"));
        (await _table.Append("f", "a")).ShouldBe(new CommitResult.Committed(1));
        _table.Put(2, Definition(properties, column));
        var error = await Should.ThrowAsync<DeltaException>(async () => await _table.Append("g", "a"));
        error.Class.ShouldBe(DeltaErrorClass.UnsupportedWriterFeature);
        error.Message.ShouldContain(feature);
        File.Exists(_table.PathOf(3)).ShouldBeFalse();

        static string Definition(string properties, string column)
        {
            var schema = $$"""{"type":"struct","fields":[{"name":"id","type":"long","nullable":true,"metadata":{{column}}}]}""";
            return $$"""{"metaData":{"id":"t1","format":{"provider":"parquet"},"schemaString":{{JsonSerializer.Serialize(schema)}},"partitionColumns":["p"],"configuration":{{properties}} } }""";
        }
    }

    [Fact]
    public async Task A_file_without_the_tables_partition_columns_is_refused()
    {
        await _table.Created();
        var stray = TemporaryTable.File("f", "a") with { PartitionValues = PartitionValues.Of("q", "a") };
        await Should.ThrowAsync<ArgumentException>(async () => await _table.Table.Append([stray], CommitOrigin.None));
        File.Exists(_table.PathOf(1)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_commit_is_worded_as_spark_words_it()
    {
        var table = new DeltaTable(_table.Log, new StoppedClock(DateTimeOffset.FromUnixTimeMilliseconds(1704067200000)), () => new Guid("a1b2c3d4-0000-4000-8000-000000000001"));
        var definition = TemporaryTable.Definition(new Guid("a1b2c3d4-0000-4000-8000-000000000002"));
        await table.Create(definition, [TemporaryTable.File("p=a%20b/f0", "a b", rows: 2)], CommitOrigin.None);
        await table.OverwritePartition(TemporaryTable.In("a b"), [TemporaryTable.File("f1", "a b")], CommitOrigin.OfRun("devices", "run-1", new SetTransaction("app", 1)));
        (await File.ReadAllLinesAsync(_table.PathOf(0))).ShouldBe([
            """{"commitInfo":{"timestamp":1704067200000,"operation":"WRITE","operationParameters":{"mode":"ErrorIfExists","partitionBy":"[\"p\"]"},"isolationLevel":"Serializable","isBlindAppend":true,"operationMetrics":{"numFiles":"1","numOutputRows":"2","numOutputBytes":"100"},"engineInfo":"Latecomer/0.1.0","txnId":"a1b2c3d4-0000-4000-8000-000000000001"}}""",
            """{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}""",
            """{"metaData":{"id":"a1b2c3d4-0000-4000-8000-000000000002","format":{"provider":"parquet","options":{}},"schemaString":"{\"type\":\"struct\",\"fields\":[{\"name\":\"id\",\"type\":\"long\",\"nullable\":true,\"metadata\":{}},{\"name\":\"p\",\"type\":\"string\",\"nullable\":true,\"metadata\":{}}]}","partitionColumns":["p"],"configuration":{},"createdTime":0}}""",
            """{"add":{"path":"p=a%20b/f0","partitionValues":{"p":"a b"},"size":100,"modificationTime":1,"dataChange":true,"stats":"{\"numRecords\":2}"}}""",
        ]);
        (await File.ReadAllLinesAsync(_table.PathOf(1))).ShouldBe([
            """{"commitInfo":{"timestamp":1704067200000,"operation":"WRITE","operationParameters":{"mode":"Overwrite","partitionBy":"[\"p\"]","predicate":"[\"(p = 'a b')\"]"},"readVersion":0,"isolationLevel":"Serializable","isBlindAppend":false,"operationMetrics":{"numFiles":"1","numOutputRows":"1","numOutputBytes":"100"},"tags":{"latecomer.pipeline":"devices","latecomer.runId":"run-1"},"engineInfo":"Latecomer/0.1.0","txnId":"a1b2c3d4-0000-4000-8000-000000000001"}}""",
            """{"txn":{"appId":"app","version":1}}""",
            """{"add":{"path":"f1","partitionValues":{"p":"a b"},"size":100,"modificationTime":1,"dataChange":true,"stats":"{\"numRecords\":1}"}}""",
            """{"remove":{"path":"p=a%20b/f0","deletionTimestamp":1704067200000,"dataChange":true,"extendedFileMetadata":true,"partitionValues":{"p":"a b"},"size":100}}""",
        ]);
        foreach (var line in await File.ReadAllLinesAsync(_table.PathOf(1)))
        {
            using var valid = JsonDocument.Parse(line);
        }
    }

    private CommitWriter Writer() => new(_table.Log, TimeProvider.System, Guid.NewGuid);

    private ValueTask<CommitResult> Overwrite(Snapshot read, string partition, string path) => Writer().Commit(
        read,
        TableWrites.Overwrite(read, TemporaryTable.In(partition), [TemporaryTable.File(path, partition)], CommitOrigin.None, DateTimeOffset.UnixEpoch));

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
