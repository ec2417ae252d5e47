using FsCheck;
using FsCheck.Fluent;
using Latecomer.DeltaLog;
using Latecomer.Parquet;
using Latecomer.Tests.Testing.DeltaLog;
using Latecomer.Tests.Testing.Parquet;
using Latecomer.Tests.Unit.Parquet;

namespace Latecomer.Tests.Unit.DeltaLog;

/// <summary>Checkpoints that are sound Parquet files, and whose columns are of any type: they are read or refused by class.</summary>
public sealed class OddCheckpointFacts
{
    private static readonly ColumnType Text = new ColumnType.String();
    private static readonly ColumnType Number = new ColumnType.Int64();
    private static readonly ColumnType Texts = new ColumnType.List(new ParquetColumn("element", Text));
    private static readonly ColumnType Map = new ColumnType.Map(new ParquetColumn("key", Text, Nullable: false), new ParquetColumn("value", Text));

    private static readonly ColumnType[] Others =
        [Text, Number, Texts, Map, new ColumnType.Int32(), new ColumnType.Boolean(), new ColumnType.Double(), new ColumnType.UInt32(), new ColumnType.Struct([new ParquetColumn("path", Text)])];

    private static readonly (string Action, (string Field, ColumnType Type)[] Fields)[] Columns =
    [
        ("protocol", [("minReaderVersion", new ColumnType.Int32()), ("minWriterVersion", Number), ("readerFeatures", Texts), ("writerFeatures", Texts)]),
        ("metaData", [("id", Text), ("name", Text), ("schemaString", Text), ("partitionColumns", Texts), ("configuration", Map), ("createdTime", Number)]),
        ("txn", [("appId", Text), ("version", Number), ("lastUpdated", Number)]),
        ("domainMetadata", [("domain", Text), ("configuration", Text), ("removed", new ColumnType.Boolean())]),
        ("add", [("path", Text), ("partitionValues", Map), ("size", Number), ("modificationTime", Number), ("stats", Text), ("tags", Map), ("deletionVector", Vector)]),
        ("sidecar", [("path", Text)]),
    ];

    private static ColumnType Vector => new ColumnType.Struct(
    [
        new ParquetColumn("storageType", Text), new ParquetColumn("pathOrInlineDv", Text), new ParquetColumn("offset", Number),
        new ParquetColumn("sizeInBytes", Number), new ParquetColumn("cardinality", Number),
    ]);

    [Fact]
    public void Columns_of_any_type_are_read_or_refused() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(400), Prop.ForAll<int>(seed => CheckAsync(new Random(seed)).GetAwaiter().GetResult()));

    /// <summary>Cut to 32 bits it would be another vector, of which nothing would be said.</summary>
    [Theory]
    [InlineData("add", """{"add":{"path":"f","size":1,"modificationTime":1,"deletionVector":{"storageType":"u","pathOrInlineDv":"x","offset":4294967297}}}""")]
    [InlineData("protocol", """{"protocol":{"minReaderVersion":4294967297,"minWriterVersion":2}}""")]
    public async Task A_number_beyond_its_bits_is_refused(string action, string line)
    {
        using var table = new TemporaryTable();
        var field = action == "add"
            ? HandmadeRows.Group("add", HandmadeRows.Text("path"), HandmadeRows.Long("size"), HandmadeRows.Long("modificationTime"),
                HandmadeRows.Group("deletionVector", HandmadeRows.Text("storageType"), HandmadeRows.Text("pathOrInlineDv"), HandmadeRows.Long("offset")))
            : HandmadeRows.Group("protocol", HandmadeRows.Long("minReaderVersion"), HandmadeRows.Long("minWriterVersion"));
        table.PutCheckpoint(3, [field], line);
        (await Should.ThrowAsync<DeltaException>(async () => await table.Table.ReadSnapshot())).Class.ShouldBe(DeltaErrorClass.CorruptCheckpoint);
    }

    private static async Task CheckAsync(Random random)
    {
        var log = new PagedLogStore();
        log.Replace("00000000000000000007.checkpoint.parquet", await Checkpoint(random));
        var table = new DeltaTable(log, TimeProvider.System, Guid.NewGuid);
        foreach (var read in new Func<Task>[] { async () => await table.ReadSnapshot(), async () => await LogDefinition.Read(log), () => InspectionDocument.Write(log, Stream.Null) })
        {
            try
            {
                await read();
            }
            catch (DeltaException)
            {
            }
        }
    }

    private static async Task<byte[]> Checkpoint(Random random)
    {
        // One odd column among sound ones is more telling than many: all that comes before it is read.
        var oddness = random.Next(3) switch { 0 => 0, 1 => 0.05, _ => 0.4 };
        var schema = new ParquetSchema([.. Columns.Where(_ => random.Next(8) > 0).Select(column => Column(random, column.Action, column.Fields, oddness)), new ParquetColumn("unknown", Number)]);
        var rows = random.Next(1, 12);
        return await ParquetRows.WriteAsync(new ParquetWriterOptions(), new ColumnBatch(schema, [.. schema.Columns.Select(column => RandomColumns.Of(random, column, rows))]));
    }

    private static ParquetColumn Column(Random random, string action, (string Field, ColumnType Type)[] fields, double oddness)
    {
        ParquetColumn[] present = [.. fields.Where(_ => random.NextDouble() >= oddness / 2).Select(field => new ParquetColumn(field.Field, random.NextDouble() < oddness ? Odd(random) : field.Type))];
        return present.Length == 0 || random.NextDouble() < oddness / 4
            ? new ParquetColumn(action, Odd(random))
            : new ParquetColumn(action, new ColumnType.Struct(present));
    }

    private static ColumnType Odd(Random random) => Others[random.Next(Others.Length)];
}
