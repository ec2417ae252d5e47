using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Latecomer.DeltaLog;

/// <summary>The <c>_last_checkpoint</c> file (PROTOCOL.md, "Last Checkpoint File"): where a listing may begin, and nothing more. It may be stale, name a
/// checkpoint that is gone, or be no JSON at all; none of that is an error, and what it says besides the version is not believed.</summary>
internal static class LastCheckpoint
{
    private const string Name = "_last_checkpoint";

    /// <summary>The version that it names; null when there is none to go by.</summary>
    internal static async ValueTask<long?> TryReadVersion(ILogStore log, CancellationToken cancellation)
    {
        using var bytes = await log.TryRead(Name, cancellation);
        return bytes is null ? null : Parse(bytes.Memory.Span);
    }

    /// <summary>Names a checkpoint, unless a newer one that is there is named already.</summary>
    internal static async ValueTask Write(ILogStore log, long version, long actions, long bytes, long files, CancellationToken cancellation)
    {
        var isNewerNamed = await TryReadVersion(log, cancellation) is { } known && known > version
            && (await LogSegment.List(log, known, cancellation)).CheckpointsOf(known).Count > 0;
        if (!isNewerNamed)
        {
            await log.Replace(Name, Json(version, actions, bytes, files), cancellation);
        }
    }

    private static ReadOnlyMemory<byte> Json(long version, long actions, long bytes, long files)
    {
        (string Name, long Value)[] fields = [("version", version), ("size", actions), ("sizeInBytes", bytes), ("numOfAddFiles", files)];
        var content = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(content, LogJson.WriterOptions);
        json.WriteStartObject();
        foreach (var (name, value) in fields)
        {
            json.WriteNumber(name, value);
        }

        json.WriteString("checksum", Checksum(fields));
        json.WriteEndObject();
        json.Flush();
        return content.WrittenMemory;
    }

    /// <summary>The MD5 of the fields in their canonical form (PROTOCOL.md, "JSON checksum").</summary>
    [SuppressMessage("Security", "CA5351:Do Not Use Broken Cryptographic Algorithms", Justification = "The protocol asks for MD5, against accidents.")]
    private static string Checksum((string Name, long Value)[] fields)
    {
        var canonical = string.Join(',', fields.OrderBy(field => field.Name, StringComparer.Ordinal).Select(field => $"\"{field.Name}\"={field.Value}"));
        return Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(canonical)));
    }

    internal static long? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            long? version = null;
            var reader = new Utf8JsonReader(json);
            while (reader.Read())
            {
                if (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("version"u8))
                {
                    reader.Read();
                    version = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) && number >= 0 ? number : null;
                }
            }

            return version;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
