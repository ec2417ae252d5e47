using System.Buffers;
using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Latecomer.Activities;

/// <summary>The content of a configuration file: <c>{"partitions":["column=value"]}</c> and a newline. A format that others read; it never changes.</summary>
internal static class ConfigurationJson
{
    private static readonly JsonWriterOptions AsWritten = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static byte[] Write(ImmutableArray<string> partitions)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, AsWritten))
        {
            json.WriteStartObject();
            json.WriteStartArray("partitions");
            foreach (var partition in partitions)
            {
                json.WriteStringValue(partition);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        bytes.Write("\n"u8);
        return bytes.WrittenSpan.ToArray();
    }
}
