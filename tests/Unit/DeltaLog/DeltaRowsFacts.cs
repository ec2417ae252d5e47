using System.Text.Json;
using Latecomer.DeltaLog;
using Latecomer.Parquet;

namespace Latecomer.Tests.Unit.DeltaLog;

public sealed class DeltaRowsFacts : IDisposable
{
    private static readonly TableDefinition Devices = new(
        new TableSchema([
            new SchemaField("type", new DataType.Primitive("string")),
            new SchemaField("n", new DataType.Primitive("long")),
            new SchemaField("event_time", new DataType.Primitive("date")),
        ]),
        ["event_time"]);

    private readonly TemporaryTable _table = new();

    public void Dispose() => _table.Dispose();

    [Fact]
    public async Task Seven_loads_make_versions_0_to_6_and_late_loads_7_and_8()
    {
        var writer = DeltaWriter.At(_table.Folder);
        for (var day = 1; day <= 9; day++)
        {
            var date = day <= 7 ? day : day - 6;
            (await writer.AppendRows(Devices, On($"2024-01-0{date}"), Rows(100), CommitOrigin.None)).ShouldBe(new CommitResult.Committed(day - 1));
        }

        var snapshot = await _table.Table.ReadSnapshot();
        snapshot.Version.ShouldBe(8);
        snapshot.Partitions.Count.ShouldBe(7);
        snapshot.Partitions[On("2024-01-01")].Rows.ShouldBe(100);
        snapshot.Partitions[On("2024-01-02")].ShouldSatisfyAllConditions(
            partition => partition.Rows.ShouldBe(200),
            partition => partition.ActiveFiles.ShouldBe(2));
        var listing = await _table.Table.ReadPartitions();
        listing.LastDataChangeOf(On("2024-01-01"))!.Value.Version.ShouldBe(0);
        listing.LastDataChangeOf(On("2024-01-02"))!.Value.Version.ShouldBe(7);
        (await Count(snapshot, "2024-01-02")).ShouldBe(200);
        (await Count(await _table.Table.ReadSnapshot(6), "2024-01-02")).ShouldBe(100);
        (await Count(snapshot, "2030-01-01")).ShouldBe(0);
    }

    [Fact]
    public async Task Files_and_folders_are_named_as_spark_names_them()
    {
        var writer = DeltaWriter.At(_table.Folder, newId: () => new Guid("a1b2c3d4-0000-4000-8000-000000000001"));
        await writer.AppendRows(Devices, On("2024-01-01"), Rows(3), CommitOrigin.None);
        const string Path = "event_time=2024-01-01/part-00000-a1b2c3d4-0000-4000-8000-000000000001.c000.snappy.parquet";
        var add = (await _table.Table.ReadSnapshot()).Files.ShouldHaveSingleItem();
        add.Path.ShouldBe(Path);
        new FileInfo(System.IO.Path.Combine(_table.Folder, Path)).Length.ShouldBe(add.Size!.Value);

        await using var source = FileSource.Open(System.IO.Path.Combine(_table.Folder, Path));
        var file = await ParquetReader.OpenAsync(source);
        file.Metadata.Schema.Columns.Select(column => column.Name).ShouldBe(["type", "n"]);
        file.Metadata.KeyValueMetadata.Single(pair => pair.Key == "org.apache.spark.sql.parquet.row.metadata").Value
            .ShouldBe("""{"type":"struct","fields":[{"name":"type","type":"string","nullable":true,"metadata":{}},{"name":"n","type":"long","nullable":true,"metadata":{}}]}""");
    }

    [Theory]
    [InlineData("a b", "p=a b/", "p=a%20b/")]
    [InlineData("50%/x:y", "p=50%25%2Fx%3Ay/", "p=50%2525%252Fx%253Ay/")]
    [InlineData("ü+é", "p=ü+é/", "p=ü+é/")]
    [InlineData(null, "p=__HIVE_DEFAULT_PARTITION__/", "p=__HIVE_DEFAULT_PARTITION__/")]
    [InlineData("", "p=__HIVE_DEFAULT_PARTITION__/", "p=__HIVE_DEFAULT_PARTITION__/")]
    public void Odd_partition_values_are_escaped_twice_folder_and_log(string? value, string folder, string logged)
    {
        var path = DataFilePath.Of(PartitionValues.Of("p", value), ["p"], Guid.Empty);
        path.ShouldStartWith(folder);
        LogPath.Encode(path).ShouldStartWith(logged);
        LogPath.Decode(LogPath.Encode(path)).ShouldBe(path);
    }

    [Fact]
    public async Task Rows_of_an_odd_partition_are_found_again()
    {
        var definition = new TableDefinition(new TableSchema([new SchemaField("type", new DataType.Primitive("string")), new SchemaField("n", new DataType.Primitive("long")), new SchemaField("p", new DataType.Primitive("string"))]), ["p"]);
        foreach (var value in new[] { "50% of a/b", "ü", "", null })
        {
            (await DeltaWriter.At(_table.Folder).AppendRows(definition, PartitionValues.Of("p", value), Rows(2), CommitOrigin.None)).ShouldBeOfType<CommitResult.Committed>();
        }

        var snapshot = await _table.Table.ReadSnapshot();
        (await Count(snapshot, PartitionValues.Of("p", "50% of a/b"))).ShouldBe(2);
        (await Count(snapshot, PartitionValues.Of("p", "ü"))).ShouldBe(2);
        (await Count(snapshot, PartitionValues.Of("p", null))).ShouldBe(4);
    }

    [Fact]
    public async Task An_overwrite_by_the_same_txn_is_done_once_and_leaves_no_file_behind()
    {
        var writer = DeltaWriter.At(_table.Folder);
        var origin = CommitOrigin.OfRun("devices", "run-1", new SetTransaction("summary/2024-01-01", 4));
        (await writer.OverwritePartition(Devices, On("2024-01-01"), Rows(5), origin)).ShouldBe(new CommitResult.Committed(0));
        (await writer.OverwritePartition(Devices, On("2024-01-01"), Rows(6), origin)).ShouldBe(new CommitResult.AlreadyCommitted(0));
        (await writer.OverwritePartition(Devices, On("2024-01-01"), Rows(6), new CommitOrigin(new SetTransaction("summary/2024-01-01", 3)))).ShouldBe(new CommitResult.Superseded(0, 4));
        (await writer.OverwritePartition(Devices, On("2024-01-01"), Rows(7), new CommitOrigin(new SetTransaction("summary/2024-01-01", 5)))).ShouldBe(new CommitResult.Committed(1));
        (await Count(await _table.Table.ReadSnapshot(), "2024-01-01")).ShouldBe(7);
        Directory.EnumerateFiles(Path.Combine(_table.Folder, "event_time=2024-01-01")).Count().ShouldBe(2);
    }

    [Fact]
    public async Task Writers_that_create_one_table_at_once_all_get_their_rows_in()
    {
        await Task.WhenAll(Enumerable.Range(1, 5).Select(day => Task.Run(async () =>
            (await DeltaWriter.At(_table.Folder).AppendRows(Devices, On($"2024-01-0{day}"), Rows(10), CommitOrigin.None)).ShouldBeOfType<CommitResult.Committed>())));
        var snapshot = await _table.Table.ReadSnapshot();
        snapshot.Version.ShouldBe(4);
        snapshot.Partitions.Values.Sum(partition => partition.Rows).ShouldBe(50);
    }

    [Fact]
    public async Task Rows_that_do_not_fit_the_table_are_refused_and_leave_nothing()
    {
        await DeltaWriter.At(_table.Folder).AppendRows(Devices, On("2024-01-01"), Rows(1), CommitOrigin.None);
        var other = Devices with { Schema = new TableSchema([new SchemaField("type", new DataType.Primitive("long")), .. Devices.Schema.Fields.Skip(1)]) };
        var error = await Should.ThrowAsync<DeltaException>(async () =>
            await DeltaWriter.At(_table.Folder).AppendRows(other, On("2024-01-01"), Rows(1), CommitOrigin.None));
        error.Class.ShouldBe(DeltaErrorClass.SchemaMismatch);
        error.Message.ShouldContain("column type is string, in the rows it is long");
        Directory.EnumerateFiles(Path.Combine(_table.Folder, "event_time=2024-01-01")).Count().ShouldBe(1);
    }

    [Fact]
    public async Task Statistics_bound_the_values_and_count_nulls()
    {
        var definition = new TableDefinition(
            new TableSchema([Field("s", "string"), Field("d", "date"), Field("t", "timestamp"), Field("x", "double"), Field("b", "boolean"), Field("i", "integer")]),
            []);
        var schema = DataFileSchema.Of(definition);
        var batch = new ColumnBatch(schema, [
            BinaryColumn.From(["b", new string('z', 40), null]),
            ValueColumn<int>.From([19723, null, 19724]),
            ValueColumn<long>.From([1704067200000001, -1, null]),
            ValueColumn<double>.From([1.5, -2, 0]),
            ValueColumn<bool>.From([true, false, null]),
            ValueColumn<int>.From([null, null, null]),
        ]);
        await DeltaWriter.At(_table.Folder).AppendRows(definition, PartitionValues.None, Once(batch), CommitOrigin.None);
        var add = (await SnapshotReader.Read(_table.Log, null, ActionDetail.Full, default)).Files.ShouldHaveSingleItem();
        add.Path.ShouldContain("-c000.snappy.parquet");
        using var stats = JsonDocument.Parse(add.Stats!);
        stats.RootElement.GetProperty("numRecords").GetInt64().ShouldBe(3);
        stats.RootElement.GetProperty("minValues").GetRawText().ShouldBe("""{"s":"b","d":"2024-01-01","t":"1969-12-31T23:59:59.999Z","x":-2}""");
        var max = stats.RootElement.GetProperty("maxValues");
        max.GetProperty("s").GetString().ShouldBe(new string('z', 32) + "\U0010FFFF");
        max.GetProperty("d").GetString().ShouldBe("2024-01-02");
        max.GetProperty("t").GetString().ShouldBe("2024-01-01T00:00:00.001Z");
        stats.RootElement.GetProperty("nullCount").GetRawText().ShouldBe("""{"s":1,"d":1,"t":1,"x":0,"b":1,"i":3}""");
    }

    [Fact]
    public async Task Columns_are_read_in_the_wanted_order_and_missing_ones_are_null()
    {
        await DeltaWriter.At(_table.Folder).AppendRows(Devices, On("2024-01-01"), Rows(2), CommitOrigin.None);
        var wider = new TableSchema([.. Devices.Schema.Fields, new SchemaField("added", new DataType.Primitive("string"))]);
        var table = await _table.Table.ReadSnapshot();
        await new CommitWriter(_table.Log, TimeProvider.System, Guid.NewGuid).Commit(table, new CommitProposal
        {
            Actions = [table.Metadata with { SchemaString = wider.ToJson() }],
            Reads = ReadAssumption.All,
            Operation = "ADD COLUMNS",
        });
        var batches = new List<ColumnBatch>();
        await foreach (var batch in DeltaReader.At(_table.Folder).ReadFiles(await _table.Table.ReadSnapshot(), On("2024-01-01"), ["added", "n"]))
        {
            batches.Add(batch);
        }

        var only = batches.ShouldHaveSingleItem();
        only.Columns[0].NullCount.ShouldBe(2);
        ((ValueColumn<long>)only["n"])[1].ShouldBe(1);
    }

    [Fact]
    public async Task A_data_file_that_is_gone_or_broken_is_named()
    {
        await DeltaWriter.At(_table.Folder).AppendRows(Devices, On("2024-01-01"), Rows(2), CommitOrigin.None);
        var snapshot = await _table.Table.ReadSnapshot();
        var path = Path.Combine(_table.Folder, snapshot.Files.Single().Path);
        await File.WriteAllTextAsync(path, "PAR1 no parquet file at all PAR1");
        var broken = await Should.ThrowAsync<DeltaException>(() => Count(snapshot, "2024-01-01"));
        broken.Class.ShouldBe(DeltaErrorClass.CorruptDataFile);
        File.Delete(path);
        var gone = await Should.ThrowAsync<DeltaException>(() => Count(snapshot, "2024-01-01"));
        gone.Message.ShouldContain(snapshot.Files.Single().Path);
        gone.Message.ShouldContain("version 0 is gone");
    }

    private static SchemaField Field(string name, string type) => new(name, new DataType.Primitive(type));

    private static PartitionValues On(string date) => PartitionValues.Of("event_time", date);

    private static IAsyncEnumerable<ColumnBatch> Rows(int count) => Once(new ColumnBatch(
        new ParquetSchema([new ParquetColumn("type", new ColumnType.String()), new ParquetColumn("n", new ColumnType.Int64())]),
        [BinaryColumn.From([.. Enumerable.Range(0, count).Select(i => (string?)$"t{i % 3}")]), ValueColumn<long>.From([.. Enumerable.Range(0, count).Select(i => (long?)i)])]));

    private static IAsyncEnumerable<ColumnBatch> Once(ColumnBatch batch) => new[] { batch }.ToAsyncEnumerable();

    private Task<long> Count(Snapshot snapshot, string date) => Count(snapshot, On(date));

    private async Task<long> Count(Snapshot snapshot, PartitionValues partition)
    {
        var rows = 0L;
        await foreach (var batch in DeltaReader.At(_table.Folder).ReadFiles(snapshot, partition))
        {
            using (batch)
            {
                rows += batch.RowCount;
            }
        }

        return rows;
    }
}
