using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Latecomer.DeltaLog;

/// <summary>The statistics of a data file, which the log holds as JSON text within JSON (PROTOCOL.md, "Per-file Statistics").</summary>
internal static class Statistics
{
    /// <summary>The number of rows; null when the statistics are absent, are no JSON, or do not say.</summary>
    internal static long? NumRecords(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return reader.TokenType == JsonTokenType.Null ? null : throw LogJson.Unexpected(ref reader, "a string of JSON");
        }

        var buffer = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length + 1);
        try
        {
            var length = reader.CopyString(buffer);
            return NumRecords(buffer.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Passes over statistics as <see cref="NumRecords(ref Utf8JsonReader)"/> does, without reading them; always null.</summary>
    internal static long? Skipped(ref Utf8JsonReader reader) => reader.TokenType is JsonTokenType.String or JsonTokenType.Null
        ? null
        : throw LogJson.Unexpected(ref reader, "a string of JSON");

    /// <summary>The same of statistics that are an object of their own, as in checkpoints.</summary>
    internal static long? NumRecordsOfObject(ref Utf8JsonReader reader)
    {
        long? records = null;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isRecords = reader.ValueTextEquals("numRecords"u8);
            reader.Read();
            records = isRecords ? Number(ref reader) : records;
            reader.Skip();
        }

        return records;
    }

    /// <summary>The same of JSON text.</summary>
    internal static long? NumRecords(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            long? records = null;
            while (reader.Read())
            {
                if (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("numRecords"u8))
                {
                    reader.Read();
                    records = Number(ref reader);
                }
            }

            return records;
        }
        catch (JsonException)
        {
            // Statistics are a hint of the writer's; a table is not unreadable for a broken hint.
            return null;
        }
    }

    /// <summary>Statistics that tell a number of rows, which may be known from elsewhere: an older checkpoint may have had it as parsed statistics only.</summary>
    internal static string? Telling(string? json, long? records)
    {
        if (records is not { } rows || Tells(json, rows))
        {
            return json;
        }

        var open = json?.TrimEnd() is [.. var start, '}'] ? start : "{";
        var extended = string.Create(CultureInfo.InvariantCulture, $"{open}{(open.Trim() is "{" ? "" : ",")}\"numRecords\":{rows}}}");
        return Tells(extended, rows) ? extended : string.Create(CultureInfo.InvariantCulture, $"{{\"numRecords\":{rows}}}");
    }

    private static bool Tells(string? json, long rows) => json is not null && NumRecords(Encoding.UTF8.GetBytes(json)) == rows;

    /// <summary>A whole number, however it is written: <c>5</c>, <c>5.0</c>, <c>5e0</c>.</summary>
    private static long? Number(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.Number)
        {
            return null;
        }

        return reader.TryGetInt64(out var number) ? number
            : reader.TryGetDecimal(out var other) && decimal.IsInteger(other) && other >= long.MinValue && other <= long.MaxValue ? (long)other
            : null;
    }
}
