using System.Text.Encodings.Web;
using System.Text.Json;

namespace Latecomer.Node.Cli;

/// <summary>Why something was refused, for programs: one object on stdout.</summary>
internal static class ErrorDocument
{
    /// <summary>Readable: only what JSON itself needs is escaped.</summary>
    public static JsonWriterOptions Relaxed { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes it, with the name of the error's class.</summary>
    public static Task Write(Printer printer, string errorClass, string message) => printer.Document(json =>
    {
        json.WriteStartObject();
        json.WriteString("outcome", "error");
        json.WriteStartObject("error");
        json.WriteString("class", errorClass);
        json.WriteString("message", message);
        json.WriteEndObject();
        json.WriteEndObject();
    });
}
