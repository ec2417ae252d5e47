using System.Buffers;
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

    private static long? NumRecords(ReadOnlySpan<byte> json)
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
                    records = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) ? number : null;
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
}
