using System.Text.Encodings.Web;
using System.Text.Json;

namespace Latecomer.Node.Cli;

/// <summary>Why something was refused, for programs: one JSON object on stdout.</summary>
internal static class ErrorDocument
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes it, with the name of the error's class.</summary>
    public static void Write(string errorClass, string message)
    {
        using var stdout = Console.OpenStandardOutput();
        using (var json = new Utf8JsonWriter(stdout, Relaxed))
        {
            json.WriteStartObject();
            json.WriteString("outcome", "error");
            json.WriteStartObject("error");
            json.WriteString("class", errorClass);
            json.WriteString("message", message);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        stdout.WriteByte((byte)'\n');
    }
}
