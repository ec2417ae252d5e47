using Latecomer.Parquet;

namespace Latecomer.Tests.Testing.Parquet;

/// <summary>Schemas, options and contents out of a seed: nested, null-heavy, repetitive, all different, empty, edge values.</summary>
public static class RandomTables
{
    private const int MaxDepth = 4;

    private static readonly Func<Random, ColumnType>[] FlatTypes =
    [
        _ => new ColumnType.Boolean(), _ => new ColumnType.Int8(), _ => new ColumnType.Int16(), _ => new ColumnType.Int32(),
        _ => new ColumnType.Int64(), _ => new ColumnType.Float(), _ => new ColumnType.Double(), _ => new ColumnType.String(),
        _ => new ColumnType.Binary(), _ => new ColumnType.Date(), _ => new ColumnType.Timestamp(),
        _ => new ColumnType.Timestamp(AdjustedToUtc: false), _ => new ColumnType.Timestamp(Unit: TimestampUnit.Millis),
    ];

    private static readonly Func<Random, ColumnType>[] Types =
    [
        .. FlatTypes,
        _ => new ColumnType.UInt8(), _ => new ColumnType.UInt16(), _ => new ColumnType.UInt32(), _ => new ColumnType.UInt64(),
        _ => new ColumnType.Float16(), _ => new ColumnType.Uuid(), _ => new ColumnType.Int96(),
        _ => new ColumnType.Timestamp(Unit: TimestampUnit.Nanos),
        random => new ColumnType.Time(random.Next(2) == 0, (TimestampUnit)random.Next(3)),
        RandomDecimal,
    ];

    /// <summary>Columns without columns below them.</summary>
    public static ParquetSchema FlatSchema(Random random) => new(
        [.. Enumerable.Range(0, random.Next(1, 8)).Select(i =>
            new ParquetColumn($"c{i}", FlatTypes[random.Next(FlatTypes.Length)](random), random.Next(3) > 0) { FieldId = random.Next(2) == 0 ? null : i + 1 })]);

    /// <summary>Columns of every type, up to some levels deep.</summary>
    public static ParquetSchema Schema(Random random)
    {
        var fieldId = 0;
        return new ParquetSchema(
            [.. Enumerable.Range(0, random.Next(9) == 0 ? 60 : random.Next(1, 8)).Select(i => Column(random, $"c{i}", depth: 0, ref fieldId))]);
    }

    /// <summary>How a file is cut into row groups and pages, and compressed.</summary>
    public static ParquetWriterOptions Options(Random random) => new()
    {
        Codec = random.Next(4) switch { 0 => CompressionCodec.Uncompressed, 1 => CompressionCodec.Zstd, _ => CompressionCodec.Snappy },
        PageRows = random.Next(3) == 0 ? 20_000 : random.Next(1, 200),
        PageBytes = random.Next(2) == 0 ? 1024 * 1024 : random.Next(1, 2_000),
        RowGroupRows = random.Next(2) == 0 ? 1_000_000 : random.Next(1, 700),
        RowGroupBytes = random.Next(3) == 0 ? random.Next(1, 5_000) : 1 << 27,
        UseDictionary = random.Next(4) > 0,
        DictionaryBytes = random.Next(2) == 0 ? 1 << 20 : random.Next(0, 1_000),
        StatisticsBytes = random.Next(1, 70),
        KeyValueMetadata = random.Next(2) == 0 ? [] : [new("k", "v"), new("empty", null)],
    };

    /// <summary>Rows of a schema, or none.</summary>
    public static ColumnBatch Batch(Random random, ParquetSchema schema)
    {
        var most = schema.Columns.Count > 20 ? 60 : 1_500;
        var rows = random.Next(5) == 0 ? 0 : random.Next(1, most);
        return new ColumnBatch(schema, [.. schema.Columns.Select(column => RandomColumns.Of(random, column, rows))]);
    }

    private static ColumnType RandomDecimal(Random random)
    {
        var precision = random.Next(1, 39);
        return new ColumnType.Decimal(precision, random.Next(precision + 1));
    }

    private static ParquetColumn Column(Random random, string name, int depth, ref int fieldId)
    {
        int? id = random.Next(2) == 0 ? null : ++fieldId;
        return new ParquetColumn(name, Type(random, depth, ref fieldId), random.Next(3) > 0) { FieldId = id };
    }

    private static ColumnType Type(Random random, int depth, ref int fieldId)
    {
        switch (depth < MaxDepth ? random.Next(9) : int.MaxValue)
        {
            case 0:
                return new ColumnType.List(Column(random, ColumnPath.Element, depth + 1, ref fieldId));
            case 1:
                var key = new ParquetColumn(ColumnPath.Key, random.Next(2) == 0 ? new ColumnType.String() : new ColumnType.Int32(), Nullable: false);
                return new ColumnType.Map(key, Column(random, ColumnPath.Value, depth + 1, ref fieldId));
            case 2:
                var fields = new ParquetColumn[random.Next(1, 5)];
                for (var ordinal = 0; ordinal < fields.Length; ordinal++)
                {
                    fields[ordinal] = Column(random, $"f{ordinal}", depth + 1, ref fieldId);
                }

                return new ColumnType.Struct(fields);
            default:
                return Types[random.Next(Types.Length)](random);
        }
    }
}
