using System.Globalization;
using System.Text.Json.Nodes;
using Latecomer.Parquet;

namespace Latecomer.Tests.Unit.Parquet;

/// <summary>Rows of files as plain values, for comparing.</summary>
internal static class ParquetRows
{
    public static async Task<byte[]> WriteAsync(ParquetWriterOptions options, params ColumnBatch[] batches) =>
        (await WriteWithSummaryAsync(options, batches)).File;

    public static async Task<(byte[] File, WrittenFile Summary)> WriteWithSummaryAsync(ParquetWriterOptions options, params ColumnBatch[] batches)
    {
        using var stream = new MemoryStream();
        using var writer = new ParquetWriter(stream, batches[0].Schema, options);
        foreach (var batch in batches)
        {
            await writer.WriteAsync(batch);
        }

        var summary = await writer.CompleteAsync();
        summary.Length.ShouldBe(stream.Length);
        return (stream.ToArray(), summary);
    }

    public static ValueTask<ParquetReader> OpenAsync(byte[] file, ParquetReadOptions? options = null) =>
        ParquetReader.OpenAsync(new MemorySource("memory.parquet", file), options);

    public static async Task<List<object?[]>> ReadAsync(byte[] file, ParquetReadOptions? options = null) =>
        await ReadAsync(await OpenAsync(file, options));

    public static async Task<List<object?[]>> ReadAsync(ParquetReader reader, IReadOnlyList<string>? columns = null)
    {
        var rows = new List<object?[]>();
        await foreach (var batch in reader.ReadAsync(columns))
        {
            using (batch)
            {
                rows.AddRange(Of(batch));
            }
        }

        return rows;
    }

    public static IEnumerable<object?[]> Of(ColumnBatch batch) =>
        Enumerable.Range(0, batch.RowCount).Select(row =>
            batch.Columns.Select((column, ordinal) => Value(column, batch.Schema.Columns[ordinal].Type, row)).ToArray());

    /// <summary>A row in the convention of the shared expectations.</summary>
    public static JsonNode? ToJson(object? value, ColumnType type) => (value, type) switch
    {
        (null, _) => null,
        (long number, ColumnType.Int64) => number.ToString(CultureInfo.InvariantCulture),
        (int days, ColumnType.Date) => new DateOnly(1970, 1, 1).AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        (long ticks, ColumnType.Timestamp timestamp) => ToJson(ticks, timestamp),
        (float number, _) => Real(number),
        (double number, _) => Real(number),
        (string bytes, ColumnType.Binary) => Convert.ToBase64String(Convert.FromHexString(bytes)),
        (bool flag, _) => flag,
        (int number, _) => number,
        (string text, _) => text,
        _ => throw new InvalidOperationException($"{value} of {type} has no JSON form."),
    };

    private static JsonNode Real(double value) => value switch
    {
        double.NaN => "NaN",
        double.PositiveInfinity => "Infinity",
        double.NegativeInfinity => "-Infinity",
        0 when double.IsNegative(value) => "-0.0",
        _ => value,
    };

    private static JsonNode ToJson(long ticks, ColumnType.Timestamp type)
    {
        var perSecond = type.Unit switch { TimestampUnit.Millis => 1_000L, TimestampUnit.Micros => 1_000_000L, _ => 1_000_000_000L };
        var (seconds, rest) = (Math.DivRem(ticks, perSecond, out var remainder), remainder);
        if (rest < 0)
        {
            (seconds, rest) = (seconds - 1, rest + perSecond);
        }

        var digits = type.Unit == TimestampUnit.Nanos ? 9 : 6;
        var fraction = (rest * (type.Unit == TimestampUnit.Millis ? 1_000 : 1)).ToString($"D{digits}", CultureInfo.InvariantCulture);
        var time = DateTime.UnixEpoch.AddTicks(seconds * TimeSpan.TicksPerSecond).ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);
        return $"{time}.{fraction}{(type.AdjustedToUtc ? "Z" : "")}";
    }

    private static object? Value(ColumnData column, ColumnType type, int row) => column switch
    {
        ValueColumn<bool> flags => flags[row],
        ValueColumn<int> numbers => numbers[row],
        ValueColumn<long> numbers => numbers[row],
        ValueColumn<float> numbers => numbers[row],
        ValueColumn<double> numbers => numbers[row],
        BinaryColumn binary when type is ColumnType.String => binary.GetString(row),
        BinaryColumn binary => binary.IsNull(row) ? null : Convert.ToHexString(binary.GetBytes(row)),
        _ => throw new InvalidOperationException($"{column} has no rows to show."),
    };
}
