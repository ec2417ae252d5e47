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
