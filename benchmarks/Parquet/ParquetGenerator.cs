using System.Globalization;
using Latecomer.Parquet;

namespace Latecomer.Benchmarks.Parquet;

/// <summary>Writes a file of the same columns as the peer does, where there is no peer.</summary>
internal static class ParquetGenerator
{
    private const int BatchRows = 64 * 1024;
    private const int FirstDay = 19723;
    private static readonly ParquetSchema Schema = new(
    [
        new("id", new ColumnType.Int64()),
        new("user_id", new ColumnType.Int32()),
        new("amount", new ColumnType.Double()),
        new("day", new ColumnType.Date()),
        new("page", new ColumnType.String()),
        new("n", new ColumnType.Int64()),
        new("visit", new ColumnType.String()),
    ]);

    internal static async Task Write(string path, int rows)
    {
        var random = new Random(42);
        await using var stream = File.Create(path);
        using var writer = new ParquetWriter(stream, Schema);
        for (var first = 0; first < rows; first += BatchRows)
        {
            using var batch = Batch(random, first, Math.Min(BatchRows, rows - first));
            await writer.WriteAsync(batch);
        }

        await writer.CompleteAsync();
    }

    private static ColumnBatch Batch(Random random, int first, int count)
    {
        int[] rows = [.. Enumerable.Range(first, count)];
        return new ColumnBatch(
            Schema,
            [
                new ValueColumn<long>([.. rows.Select(row => (long)row)]),
                new ValueColumn<int>([.. rows.Select(row => (int)(row * 7919L % 100_000))]),
                new ValueColumn<double>([.. rows.Select(_ => random.NextDouble() * 1000)]),
                new ValueColumn<int>([.. rows.Select(row => FirstDay + (row / 27_400))]),
                BinaryColumn.From([.. rows.Select(_ => string.Create(CultureInfo.InvariantCulture, $"page_{random.Next(500)}"))]),
                ValueColumn<long>.From([.. rows.Select(_ => random.Next(10) == 0 ? null : (long?)random.Next(1_000_000))]),
                BinaryColumn.From([.. rows.Select(row => string.Create(CultureInfo.InvariantCulture, $"v{row * 2654435761L:x32}"))]),
            ]);
    }
}
