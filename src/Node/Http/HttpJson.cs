using System.Text.Encodings.Web;
using System.Text.Json;

namespace Latecomer.Node.Http;

/// <summary>JSON that is not a message of the API: errors and health.</summary>
internal static class HttpJson
{
    /// <summary>Readable: only what JSON itself needs is escaped.</summary>
    public static JsonSerializerOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
