using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Latecomer.DeltaLog;
using Latecomer.Parquet;

namespace Latecomer.Tests.Unit.DeltaLog;

/// <summary>How the columns of files become those of the table.</summary>
public sealed class TableRowsFacts : IDisposable
{
    private const string Plain = """{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}""";
    private const string Mapped = """{"protocol":{"minReaderVersion":2,"minWriterVersion":5}}""";

    private static readonly DataType Text = new DataType.Primitive("string");
    private static readonly ParquetColumn Number = Column("n1", new ColumnType.Int32(), 11);
    private static readonly ColumnType.Struct Pair = new([Number, Column("t1", new ColumnType.String(), 12), Column("dropped", new ColumnType.Int32(), 13)]);

    private readonly TemporaryTable _table = new();
    private string _partition = "";

    public void Dispose() => _table.Dispose();

    [Theory]
    [InlineData("name")]
    [InlineData("id")]
    public async Task Columns_and_their_parts_are_found_through_the_mapping(string mode)
    {
        await DefineNested(mode);
        (await Rows(null)).ShouldBe(
        [
            """{"Map":null,"Struct":{"text":"t0","number":0,"later":null},"List":[{"text":"t0","number":0,"later":null},{"text":"t1","number":1,"later":null}],"gone":null}""",
            """{"Map":[["k",{"text":"t0","number":0,"later":null}]],"Struct":null,"List":[],"gone":null}""",
        ]);
    }

    [Theory]
    [InlineData("name")]
    [InlineData("id")]
    public async Task A_damaged_file_is_refused_by_a_class_or_read_and_nothing_else(string mode)
    {
        await DefineNested(mode);
        var path = Path.Combine(_table.Folder, "f.parquet");
        var file = await File.ReadAllBytesAsync(path);
        var snapshot = await _table.Table.ReadSnapshot();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1_000), Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => ReadDamaged(snapshot, file, new System.Random(seed)).GetAwaiter().GetResult()));
    }

    [Fact]
    public async Task A_file_without_ids_is_refused_where_columns_are_found_by_them()
    {
        await Write([new ParquetColumn("a", new ColumnType.Int64())], [new ValueColumn<long>([1])]);
        Define(Mapped, "id", Field("a", "long", "a", 1));
        (await Refused("was written without field ids")).ShouldBe(DeltaErrorClass.SchemaMismatch);
    }

    [Fact]
    public async Task Values_are_widened_to_the_types_of_the_table()
    {
        await Write(
            [
                new("a", new ColumnType.Int8()), new("b", new ColumnType.Int32()), new("c", new ColumnType.Float()), new("d", new ColumnType.Date()),
                new("e", new ColumnType.Decimal(4, 2)), new("f", new ColumnType.Int32()), new("g", new ColumnType.List(new("element", new ColumnType.Int16()))),
                new("h", new ColumnType.Timestamp(AdjustedToUtc: true, TimestampUnit.Nanos)), new("i", new ColumnType.Decimal(9, 0)),
            ],
            [
                ValueColumn<int>.From([1, null]), ValueColumn<int>.From([int.MinValue, 2]), new ValueColumn<float>([1.5f, -0f]), new ValueColumn<int>([19_724, -1]),
                ValueColumn<int>.From([-150, null]), new ValueColumn<int>([7, -7]), new ListColumn([0, 1, 2], validity: null, new ValueColumn<int>([3, 4])),
                new ValueColumn<long>([-1, 1_001]), new ValueColumn<int>([5, -5]),
            ]);
        Define(
            Plain,
            mode: null,
            Field("a", "short"), Field("b", "long"), Field("c", "double"), Field("d", "timestamp_ntz"), Field("e", "decimal(10,4)"), Field("f", "decimal(38,2)"),
            Field("g", new DataType.Array(new DataType.Primitive("double"), ContainsNull: true)), Field("h", "timestamp"), Field("i", "decimal(30,20)"));
        (await Rows(null)).ShouldBe(
        [
            """{"a":1,"b":"-2147483648","c":1.5,"d":"2024-01-02T00:00:00.000000","e":"-1.5000","f":"7.00","g":[3],"h":"1969-12-31T23:59:59.999999Z","i":"5.00000000000000000000"}""",
            """{"a":null,"b":"2","c":"-0.0","d":"1969-12-31T00:00:00.000000","e":null,"f":"-7.00","g":[4],"h":"1970-01-01T00:00:00.000001Z","i":"-5.00000000000000000000"}""",
        ]);
    }

    [Fact]
    public async Task A_value_that_the_wider_type_cannot_hold_is_refused_rather_than_wrapped()
    {
        await Write(
            [new("a", new ColumnType.Date()), new("b", new ColumnType.Timestamp(AdjustedToUtc: true, TimestampUnit.Millis)), new("c", new ColumnType.Decimal(38, 0))],
            [new ValueColumn<int>([int.MaxValue]), new ValueColumn<long>([long.MinValue]), BinaryColumn.From([[.. Enumerable.Repeat((byte)0x7F, 16)]])]);
        foreach (var field in new[] { Field("a", "timestamp_ntz"), Field("b", "timestamp"), Field("c", "decimal(38,30)") })
        {
            Define(Plain, mode: null, field);
            (await Refused($"column {field.Name} has a value that {field.Type} cannot hold")).ShouldBe(DeltaErrorClass.SchemaMismatch);
        }
    }

    [Theory]
    [InlineData("integer", "column a is Int64 { } in the file, and integer in the table")]
    [InlineData("string", "column a is Int64 { } in the file, and string in the table")]
    [InlineData("double", "column a is Int64 { } in the file, and double in the table")]
    [InlineData("struct", "column a is Int64 { } in the file, and struct<x:string> in the table")]
    public async Task A_file_whose_column_is_of_another_type_is_refused(string type, string message)
    {
        await Write([new ParquetColumn("a", new ColumnType.Int64())], [new ValueColumn<long>([1])]);
        Define(Plain, mode: null, type == "struct" ? Field("a", new DataType.Struct([Field("x", "string")])) : Field("a", type));
        (await Refused(message)).ShouldBe(DeltaErrorClass.SchemaMismatch);
    }

    [Fact]
    public async Task A_column_of_a_type_that_is_not_read_is_refused_and_the_others_are_read()
    {
        await Write([new ParquetColumn("a", new ColumnType.Int64())], [new ValueColumn<long>([1])]);
        Define(Plain, mode: null, Field("a", "long"), Field("v", "variant"));
        (await Refused("column v is of type variant")).ShouldBe(DeltaErrorClass.UnsupportedReaderFeature);
        (await Rows("a")).ShouldBe(["""{"a":"1"}"""]);
        (await Rows([])).ShouldBe(["{}"]);
    }

    [Theory]
    [InlineData("string", "a=b", "\"a=b\"")]
    [InlineData("integer", "-5", "-5")]
    [InlineData("byte", "7", "7")]
    [InlineData("long", "9223372036854775807", "\"9223372036854775807\"")]
    [InlineData("double", "1.0E10", "10000000000")]
    [InlineData("float", "1.5", "1.5")]
    [InlineData("boolean", "true", "true")]
    [InlineData("date", "2024-01-02", "\"2024-01-02\"")]
    [InlineData("timestamp", "2024-01-02 03:04:05", "\"2024-01-02T03:04:05.000000Z\"")]
    [InlineData("timestamp", "2024-01-02T03:04:05.678Z", "\"2024-01-02T03:04:05.678000Z\"")]
    [InlineData("timestamp_ntz", "2024-01-02 03:04:05", "\"2024-01-02T03:04:05.000000\"")]
    [InlineData("decimal(10,2)", "-1.5", "\"-1.50\"")]
    [InlineData("decimal(38,0)", "99999999999999999999", "\"99999999999999999999\"")]
    [InlineData("binary", "abc", "\"YWJj\"")]
    [InlineData("date", "", "null")]
    public async Task A_partition_column_has_the_value_of_its_partition(string type, string value, string shown)
    {
        await Write([new ParquetColumn("a", new ColumnType.Int64())], [new ValueColumn<long>([1, 2])]);
        _partition = $"\"col-p\":{JsonSerializer.Serialize(value)}";
        Define(Mapped, "name", Field("p", type, "col-p", 1), Field("number", "long", "a", 2));
        (await Rows(null)).ShouldBe([$$"""{"p":{{shown}},"number":"1"}""", $$"""{"p":{{shown}},"number":"2"}"""]);
        (await Rows("p")).ShouldBe([$$"""{"p":{{shown}}}""", $$"""{"p":{{shown}}}"""]);
    }

    [Fact]
    public async Task A_partition_value_of_another_type_is_refused_with_its_file()
    {
        await Write([new ParquetColumn("a", new ColumnType.Int64())], [new ValueColumn<long>([1])]);
        _partition = "\"p\":\"x\"";
        Define(Plain, mode: null, Field("p", "integer"), Field("a", "long"));
        (await Refused("data file f.parquet of version 0 cannot be read")).ShouldBe(DeltaErrorClass.InvalidPartitionValue);
    }

    private static async Task ReadDamaged(Snapshot snapshot, byte[] file, System.Random random)
    {
        var damaged = file.ToArray();
        for (var flips = random.Next(1, 4); flips > 0; flips--)
        {
            damaged[random.Next(4, damaged.Length - 8)] ^= (byte)(1 << random.Next(8));
        }

        try
        {
            await foreach (var batch in new DeltaReader(new OneFile(damaged)).ReadFiles(snapshot, PartitionValues.None))
            {
                batch.Take([.. Enumerable.Range(0, batch.RowCount)]).RowCount.ShouldBe(batch.RowCount);
            }
        }
        catch (DeltaException error)
        {
            error.Class.ShouldBeOneOf(DeltaErrorClass.CorruptDataFile, DeltaErrorClass.UnsupportedDataFile, DeltaErrorClass.SchemaMismatch);
        }
    }

    private static ParquetColumn Column(string name, ColumnType type, int? id) => new(name, type) { FieldId = id };

    private static StructColumn Pairs(ColumnType.Struct type, int count, bool[] validity) => new(
        type,
        [
            ValueColumn<int>.From([.. Enumerable.Range(0, count).Select(i => validity[i] ? i : (int?)null)]),
            BinaryColumn.From([.. Enumerable.Range(0, count).Select(i => validity[i] ? $"t{i}" : null)]),
            ValueColumn<int>.From([.. Enumerable.Range(0, count).Select(i => validity[i] ? 100 : (int?)null)]),
        ],
        validity);

    private async Task DefineNested(string mode)
    {
        // In id mode the names of the file mean nothing.
        string Stored(string name) => mode == "id" ? $"x-{name}" : name;
        var pair = new ColumnType.Struct([.. Pair.Fields.Select(field => field with { Name = Stored(field.Name) })]);
        await Write(
            [
                Column(Stored("s1"), pair, 1),
                Column(Stored("l1"), new ColumnType.List(Column("element", pair, null)), 2),
                Column(Stored("m1"), new ColumnType.Map(new ParquetColumn("key", new ColumnType.String(), Nullable: false), Column("value", pair, null)), 3),
            ],
            [
                Pairs(pair, 2, [true, false]),
                new ListColumn([0, 2, 2], validity: null, Pairs(pair, 2, [true, true])),
                new MapColumn([0, 0, 1], [false, true], BinaryColumn.From(["k"]), Pairs(pair, 1, [true])),
            ]);
        var parts = new DataType.Struct([Field("text", "string", "t1", 12), Field("number", "integer", "n1", 11), Field("later", "double", "d9", 99)]);
        Define(
            Mapped,
            mode,
            Field("Map", new DataType.Map(Text, parts, ValueContainsNull: true), "m1", 3),
            Field("Struct", parts, "s1", 1),
            Field("List", new DataType.Array(parts, ContainsNull: true), "l1", 2),
            Field("gone", "string", "g1", 7));
    }

    private async Task Write(ParquetColumn[] columns, ColumnData[] data)
    {
        Directory.CreateDirectory(_table.Folder);
        await using var file = File.Create(Path.Combine(_table.Folder, "f.parquet"));
        var schema = new ParquetSchema(columns);
        using var writer = new ParquetWriter(file, schema);
        await writer.WriteAsync(new ColumnBatch(schema, data));
        await writer.CompleteAsync();
    }

    /// <summary>Makes a table of the file.</summary>
    private void Define(string protocol, string? mode, params SchemaField[] fields) => _table.Put(
        0,
        protocol,
        JsonSerializer.Serialize(new
        {
            metaData = new
            {
                id = "t",
                format = new { provider = "parquet" },
                schemaString = new TableSchema(fields).ToJson(),
                partitionColumns = _partition.Length > 0 ? new[] { "p" } : [],
                configuration = new Dictionary<string, string?>(StringComparer.Ordinal) { ["delta.columnMapping.mode"] = mode ?? "none" },
            },
        }),
        $$$"""{"add":{"path":"f.parquet","partitionValues":{ {{{_partition}}} },"size":1,"modificationTime":1,"dataChange":true} }""");

    private static SchemaField Field(string name, string type, string? physical = null, int id = 0) => Field(name, new DataType.Primitive(type), physical, id);

    private static SchemaField Field(string name, DataType type, string? physical = null, int id = 0) => new(name, type)
    {
        Metadata = new Dictionary<string, string?>(StringComparer.Ordinal) { ["delta.columnMapping.id"] = $"{id}", ["delta.columnMapping.physicalName"] = physical ?? name },
    };

    private async Task<DeltaErrorClass> Refused(string message)
    {
        var error = await Should.ThrowAsync<DeltaException>(() => Rows(null));
        error.Message.ShouldContain("f.parquet");
        error.Message.ShouldContain(message);
        return error.Class;
    }

    private async Task<string[]> Rows(params string[]? columns)
    {
        var snapshot = await _table.Table.ReadSnapshot();
        using var stream = new MemoryStream();
        using var writer = new JsonLinesWriter(stream);
        await foreach (var batch in DeltaReader.At(_table.Folder).ReadFiles(snapshot, snapshot.Partitions.Keys.Single(), columns))
        {
            using (batch)
            {
                await writer.WriteAsync(batch, batch.RowCount);
            }
        }

        return Encoding.UTF8.GetString(stream.ToArray()).Split('\n')[..^1];
    }

    private sealed class OneFile(byte[] content) : IDataFileStore
    {
        public ValueTask<IRandomAccessSource> Open(string path, CancellationToken cancellation = default) => ValueTask.FromResult<IRandomAccessSource>(new MemorySource(path, content));

        public ValueTask Put(string path, Func<Stream, CancellationToken, ValueTask> write, CancellationToken cancellation = default) => throw new NotSupportedException();

        public ValueTask Delete(string path, CancellationToken cancellation = default) => throw new NotSupportedException();
    }
}
