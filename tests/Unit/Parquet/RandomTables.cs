using Latecomer.Parquet;

namespace Latecomer.Tests.Unit.Parquet;

/// <summary>Schemas, options and contents out of a seed: null-heavy, repetitive, all different, empty, edge values.</summary>
internal static class RandomTables
{
    private static readonly Func<ColumnType>[] Types =
    [
        () => new ColumnType.Boolean(), () => new ColumnType.Int8(), () => new ColumnType.Int16(), () => new ColumnType.Int32(),
        () => new ColumnType.Int64(), () => new ColumnType.Float(), () => new ColumnType.Double(), () => new ColumnType.String(),
        () => new ColumnType.Binary(), () => new ColumnType.Date(), () => new ColumnType.Timestamp(),
        () => new ColumnType.Timestamp(AdjustedToUtc: false), () => new ColumnType.Timestamp(Unit: TimestampUnit.Millis),
    ];

    public static ParquetSchema Schema(Random random) => new(
        [.. Enumerable.Range(0, random.Next(1, 8)).Select(i =>
            new ParquetColumn($"c{i}", Types[random.Next(Types.Length)](), random.Next(3) > 0) { FieldId = random.Next(2) == 0 ? null : i + 1 })]);

    public static ParquetWriterOptions Options(Random random) => new()
    {
        Codec = random.Next(3) == 0 ? CompressionCodec.Uncompressed : CompressionCodec.Snappy,
        PageRows = random.Next(3) == 0 ? 20_000 : random.Next(1, 200),
        PageBytes = random.Next(2) == 0 ? 1024 * 1024 : random.Next(1, 2_000),
        RowGroupRows = random.Next(2) == 0 ? 1_000_000 : random.Next(1, 700),
        RowGroupBytes = random.Next(3) == 0 ? random.Next(1, 5_000) : 1 << 27,
        UseDictionary = random.Next(4) > 0,
        DictionaryBytes = random.Next(2) == 0 ? 1 << 20 : random.Next(0, 1_000),
        StatisticsBytes = random.Next(1, 70),
        KeyValueMetadata = random.Next(2) == 0 ? [] : [new("k", "v"), new("empty", null)],
    };

    public static ColumnBatch Batch(Random random, ParquetSchema schema)
    {
        var rows = random.Next(5) == 0 ? 0 : random.Next(1, 1_500);
        return new ColumnBatch(schema, [.. schema.Columns.Select(column => Column(random, column, rows))]);
    }

    private static ColumnData Column(Random random, ParquetColumn column, int rows)
    {
        var nullShare = column.Nullable ? random.Next(4) switch { 0 => 0, 1 => 1, 2 => 0.05, _ => 0.7 } : 0;
        var distinct = random.Next(4) switch { 0 => 1, 1 => 3, 2 => 100, _ => int.MaxValue };
        return column.Type switch
        {
            ColumnType.Boolean => ValueColumn<bool>.From(Fill<bool?>(() => random.Next(2) == 0)),
            ColumnType.Int8 => ValueColumn<int>.From(Fill<int?>(() => (sbyte)Next())),
            ColumnType.Int16 => ValueColumn<int>.From(Fill<int?>(() => (short)Next())),
            ColumnType.Int32 or ColumnType.Date => ValueColumn<int>.From(Fill<int?>(() => (int)Next())),
            ColumnType.Int64 or ColumnType.Timestamp => ValueColumn<long>.From(Fill<long?>(() => Next())),
            ColumnType.Float => ValueColumn<float>.From(Fill<float?>(() => BitConverter.Int32BitsToSingle((int)Next()))),
            ColumnType.Double => ValueColumn<double>.From(Fill<double?>(() => random.Next(9) == 0 ? -0.0 : BitConverter.Int64BitsToDouble(Next()))),
            ColumnType.String => BinaryColumn.From(Fill(() => (string?)Text())),
            _ => BinaryColumn.From(Fill(() => (byte[]?)BitConverter.GetBytes(Next())[..random.Next(8)])),
        };

        List<T?> Fill<T>(Func<T?> next) => [.. Enumerable.Range(0, rows).Select(_ => random.NextDouble() < nullShare ? default : next())];
        long Next() => distinct == int.MaxValue ? random.NextInt64(long.MinValue, long.MaxValue) : (random.Next(distinct) * 0x1234_5678_9ABCL) ^ (random.Next(50) == 0 ? long.MinValue : 0);
        string Text() => random.Next(200) == 0 ? new string('ü', random.Next(300)) : $"{Next() % 100_000:x}" + (random.Next(3) == 0 ? "" : "𝄞");
    }
}
