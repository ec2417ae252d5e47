using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using Latecomer.Parquet;

namespace Latecomer.DeltaLog;

/// <summary>The statistics of a new data file as the log has them (PROTOCOL.md, "Per-file Statistics"): of the first 32 columns without parts, as
/// Spark collects them; text bounds of at most 32 characters, bounds of timestamps in whole milliseconds, both widened and never narrowed.</summary>
internal static class DataFileStatistics
{
    private const int IndexedColumns = 32;
    private const int LongestText = 32;
    private static readonly Rune GreatestRune = new(0x10FFFF);

    internal static string ToJson(ParquetSchema schema, WrittenFile file)
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(bytes, LogJson.WriterOptions);
        var leaves = LeafStatistics.Of(schema, file, IndexedColumns);
        json.WriteStartObject();
        json.WriteNumber("numRecords", file.RowCount);
        leaves.Write(json, "minValues", (column, statistics) => WriteBound(json, column, statistics, isMax: false));
        leaves.Write(json, "maxValues", (column, statistics) => WriteBound(json, column, statistics, isMax: true));
        leaves.Write(json, "nullCount", (column, statistics) => json.WriteNumber(column.Name, statistics.NullCount ?? 0));
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
            case (ColumnType.Timestamp type, ColumnValue.Integer micros) when Timestamp(micros.Value, isMax) is { } time:
                json.WriteString(column.Name, type.AdjustedToUtc ? time + "Z" : time);
                break;
            case (ColumnType.Decimal type, ColumnValue.Integer unscaled):
                json.WritePropertyName(column.Name);
                json.WriteRawValue(Decimal(unscaled.Value, type.Scale), skipInputValidation: true);
                break;
            case (ColumnType.Decimal type, ColumnValue.Bytes unscaled):
                json.WritePropertyName(column.Name);
                json.WriteRawValue(Decimal(new BigInteger(unscaled.Value.Span, isBigEndian: true), type.Scale), skipInputValidation: true);
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
        return CommitClock.FromMilliseconds(millis)?.ToString("yyyy-MM-dd'T'HH:mm:ss.fff", CultureInfo.InvariantCulture);
    }

    private static string Decimal(BigInteger unscaled, int scale)
    {
        var digits = BigInteger.Abs(unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        return $"{(unscaled.Sign < 0 ? "-" : "")}{digits[..^scale]}{(scale > 0 ? "." : "")}{digits[^scale..]}";
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
