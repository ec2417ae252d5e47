using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Latecomer.Parquet;

namespace Latecomer.DeltaLog;

/// <summary>The statistics of a new data file as the log has them (PROTOCOL.md, "Per-file Statistics"): of the first 32 columns, as Spark collects
/// them; text bounds of at most 32 characters, bounds of timestamps in whole milliseconds, both widened and never narrowed.</summary>
internal static class DataFileStatistics
{
    private const int IndexedColumns = 32;
    private const int LongestText = 32;
    private static readonly Rune GreatestRune = new(0x10FFFF);

    internal static string ToJson(ParquetSchema schema, WrittenFile file)
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(bytes, LogJson.WriterOptions);
        var columns = schema.Columns.Zip(file.Columns).Take(IndexedColumns).ToArray();
        json.WriteStartObject();
        json.WriteNumber("numRecords", file.RowCount);
        json.WriteStartObject("minValues");
        foreach (var (column, statistics) in columns)
        {
            WriteBound(json, column, statistics, isMax: false);
        }

        json.WriteEndObject();
        json.WriteStartObject("maxValues");
        foreach (var (column, statistics) in columns)
        {
            WriteBound(json, column, statistics, isMax: true);
        }

        json.WriteEndObject();
        json.WriteStartObject("nullCount");
        foreach (var (column, statistics) in columns)
        {
            json.WriteNumber(column.Name, statistics.NullCount ?? 0);
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static void WriteBound(Utf8JsonWriter json, ParquetColumn column, ColumnStatistics statistics, bool isMax)
    {
        switch (column.Type, isMax ? statistics.Max : statistics.Min)
        {
            case (ColumnType.Date, ColumnValue.Integer days) when Date(days.Value) is { } date:
                json.WriteString(column.Name, date);
                break;
            case (ColumnType.Timestamp, ColumnValue.Integer micros) when Timestamp(micros.Value, isMax) is { } time:
                json.WriteString(column.Name, time);
                break;
            case (ColumnType.Int8 or ColumnType.Int16 or ColumnType.Int32 or ColumnType.Int64, ColumnValue.Integer number):
                json.WriteNumber(column.Name, number.Value);
                break;
            case (_, ColumnValue.Real real) when double.IsFinite(real.Value) && !(isMax && statistics.NanCount != 0):
                json.WriteNumber(column.Name, real.Value);
                break;
            case (ColumnType.String, ColumnValue.Bytes bytes) when (isMax ? TextAbove(bytes.Text) : TextBelow(bytes.Text)) is { } text:
                json.WriteString(column.Name, text);
                break;
            default:
                // Spark collects no bounds of booleans and bytes either, and JSON has no NaN.
                break;
        }
    }

    private static string? Date(long days)
    {
        var number = days + DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
        return number >= DateOnly.MinValue.DayNumber && number <= DateOnly.MaxValue.DayNumber
            ? DateOnly.FromDayNumber((int)number).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : null;
    }

    private static string? Timestamp(long micros, bool isMax)
    {
        var millis = Math.DivRem(micros, 1000, out var rest) + (rest == 0 ? 0 : (isMax, rest > 0) switch { (true, true) => 1, (false, false) => -1, _ => 0 });
        return CommitClock.FromMilliseconds(millis)?.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
    }

    private static string TextBelow(string text) => string.Concat(text.EnumerateRunes().Take(LongestText));

    private static string? TextAbove(string text)
    {
        var below = TextBelow(text);
        if (below.Length == text.Length)
        {
            return text;
        }

        // A raised bound of the same length as the cut is what Spark writes: the cut and the greatest character of all.
        Rune.DecodeFromUtf16(text.AsSpan(below.Length), out var next, out _);
        return next == GreatestRune ? null : below + GreatestRune;
    }
}
