using System.Text;
using System.Text.Json;
using Latecomer.DeltaLog;
using Latecomer.Parquet;

namespace Latecomer.Tests.Unit.DeltaLog;

/// <summary>Rows with structs, lists, maps, decimals and local timestamps, written into a table and read from it.</summary>
public sealed class NestedRowsFacts : IDisposable
{
    private static readonly DataType Long = new DataType.Primitive("long");
    private static readonly DataType Money = new DataType.Primitive("decimal(10,2)");

    private static readonly TableDefinition Orders = new(
        new TableSchema([
            new SchemaField("who", new DataType.Struct([new("id", Long, Nullable: false), new("debt", new DataType.Primitive("decimal(30,3)"))])),
            new SchemaField("items", new DataType.Array(new DataType.Struct([new("price", Money)]), ContainsNull: false)),
            new SchemaField("tags", new DataType.Map(new DataType.Primitive("string"), Long, ValueContainsNull: true)),
            new SchemaField("paid", Money),
            new SchemaField("day", new DataType.Primitive("string")),
        ]),
        ["day"]);

    private readonly TemporaryTable _table = new();

    public void Dispose() => _table.Dispose();

    [Fact]
    public async Task Nested_rows_are_read_as_they_were_written()
    {
        (await DeltaWriter.At(_table.Folder).AppendRows(Orders, Monday, Rows(), CommitOrigin.None)).ShouldBe(new CommitResult.Committed(0));
        (await DeltaWriter.At(_table.Folder).AppendRows(Orders, Monday, Rows(), CommitOrigin.None)).ShouldBe(new CommitResult.Committed(1));
        string[] expected =
        [
            """{"who":{"id":"1","debt":"-12345678901234567890.123"},"items":[{"price":"0.05"},{"price":null}],"tags":[["k",null]],"paid":"12.30","day":"Monday"}""",
            """{"who":null,"items":[],"tags":null,"paid":"-1.00","day":"Monday"}""",
        ];
        (await Lines()).ShouldBe([.. expected, .. expected]);
    }

    [Fact]
    public async Task Statistics_follow_the_structs_and_leave_lists_and_maps_out()
    {
        await DeltaWriter.At(_table.Folder).AppendRows(Orders, Monday, Rows(), CommitOrigin.None);
        var add = (await SnapshotReader.Read(_table.Log, null, ActionDetail.Full, default)).Files.ShouldHaveSingleItem();
        add.Stats.ShouldBe(
            """{"numRecords":2,"minValues":{"who":{"id":1,"debt":-12345678901234567890.123},"paid":-1.00},"maxValues":{"who":{"id":1,"debt":-12345678901234567890.123},"paid":12.30},"nullCount":{"who":{"id":1,"debt":1},"paid":0}}""");
        using var valid = JsonDocument.Parse(add.Stats!);
    }

    [Fact]
    public async Task A_table_with_local_timestamps_asks_for_their_feature_and_says_no_zone()
    {
        var definition = new TableDefinition(new TableSchema([new("at", new DataType.Primitive("timestamp_ntz"))]), []);
        var batch = new ColumnBatch(DataFileSchema.Of(definition), [new ValueColumn<long>([1_704_067_200_000_000])]);
        await DeltaWriter.At(_table.Folder).AppendRows(definition, PartitionValues.None, Once(batch), CommitOrigin.None);
        var snapshot = await SnapshotReader.Read(_table.Log, null, ActionDetail.Full, default);
        (snapshot.Protocol.MinReaderVersion, snapshot.Protocol.MinWriterVersion).ShouldBe((3, 7));
        snapshot.Protocol.ReaderFeatures.ShouldBe(["timestampNtz"]);
        snapshot.Files.ShouldHaveSingleItem().Stats.ShouldBe(
            """{"numRecords":1,"minValues":{"at":"2024-01-01T00:00:00.000"},"maxValues":{"at":"2024-01-01T00:00:00.000"},"nullCount":{"at":0}}""");
        (await _table.Table.AddColumns([new SchemaField("other", new DataType.Primitive("timestamp_ntz"))], CommitOrigin.None)).ShouldBe(new CommitResult.Committed(1));
    }

    [Fact]
    public async Task A_new_table_that_needs_what_is_not_written_is_refused_by_name()
    {
        var metadata = TemporaryTable.Definition() with
        {
            Configuration = new Dictionary<string, string?>(StringComparer.Ordinal) { ["delta.enableRowTracking"] = "true" },
        };
        var error = await Should.ThrowAsync<DeltaException>(async () => await _table.Table.Create(metadata, [], CommitOrigin.None));
        (error.Class, error.Features.ShouldHaveSingleItem()).ShouldBe((DeltaErrorClass.UnsupportedWriterFeature, "rowTracking"));
        Directory.Exists(_table.LogFolder).ShouldBeFalse();
    }

    [Fact]
    public async Task Rows_that_may_be_null_where_the_table_may_not_are_refused()
    {
        await DeltaWriter.At(_table.Folder).AppendRows(Orders, Monday, Rows(), CommitOrigin.None);
        var items = new SchemaField("items", new DataType.Array(new DataType.Struct([new("price", Money)]), ContainsNull: true));
        var looser = Orders with { Schema = new TableSchema([.. Orders.Schema.Fields.Select(field => field.Name == "items" ? items : field)]) };
        var error = await Should.ThrowAsync<DeltaException>(async () => await DeltaWriter.At(_table.Folder).AppendRows(looser, Monday, Rows(), CommitOrigin.None));
        (error.Class, error.Message.Contains("a part of its column items must not be null", StringComparison.Ordinal)).ShouldBe((DeltaErrorClass.SchemaMismatch, true));
    }

    private static PartitionValues Monday => PartitionValues.Of("day", "Monday");

    private static IAsyncEnumerable<ColumnBatch> Rows()
    {
        var schema = DataFileSchema.Of(Orders);
        var who = (ColumnType.Struct)schema.Columns[0].Type;
        var item = (ColumnType.Struct)((ColumnType.List)schema.Columns[1].Type).Element.Type;
        var debt = System.Numerics.BigInteger.Parse("-12345678901234567890123").ToByteArray(isBigEndian: true);
        return Once(new ColumnBatch(schema, [
            new StructColumn(who, [ValueColumn<long>.From([1, null]), BinaryColumn.From([debt, null])], [true, false]),
            new ListColumn([0, 2, 2], null, new StructColumn(item, [ValueColumn<long>.From([5, null])], null)),
            new MapColumn([0, 1, 1], [true, false], BinaryColumn.From(["k"]), ValueColumn<long>.From([null])),
            new ValueColumn<long>([1230, -100]),
        ]));
    }

    private async Task<List<string>> Lines()
    {
        var lines = new List<string>();
        await foreach (var batch in DeltaReader.At(_table.Folder).ReadFiles(await _table.Table.ReadSnapshot(), Monday))
        {
            using var stream = new MemoryStream();
            using var writer = new JsonLinesWriter(stream);
            using (batch)
            {
                await writer.WriteAsync(batch, batch.RowCount);
            }

            lines.AddRange(Encoding.UTF8.GetString(stream.ToArray()).Split('\n')[..^1]);
        }

        return lines;
    }

    private static async IAsyncEnumerable<ColumnBatch> Once(ColumnBatch batch)
    {
        await Task.Yield();
        yield return batch;
    }
}
