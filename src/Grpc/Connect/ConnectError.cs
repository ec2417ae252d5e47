using System.Text.Encodings.Web;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace Latecomer.Grpc;

/// <summary>An error as the body of a response (the Connect protocol's section on unary errors).</summary>
internal static class ConnectError
{
    // Readable: only what JSON itself needs is escaped.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly TypeRegistry Known = TypeRegistry.FromFiles(Protocol.ErrorDetailsReflection.Descriptor, Wire.StatusReflection.Descriptor);
    private static readonly JsonFormatter Formatter = new(new JsonFormatter.Settings(formatDefaultValues: false, Known));

    /// <summary>Writes it: code, message and details, each of these with a readable form if its kind is known.</summary>
    public static void Write(PooledBuffer target, Status status)
    {
        using var json = new Utf8JsonWriter(target, Options);
        Write(json, status);
    }

    /// <summary>Writes it as an object.</summary>
    public static void Write(Utf8JsonWriter json, Status status)
    {
        json.WriteStartObject();
        json.WriteString("code", status.Code.ConnectName());
        json.WriteString("message", status.Message);
        if (status.Details.Count > 0)
        {
            json.WriteStartArray("details");
            foreach (var detail in status.Details)
            {
                Write(json, detail);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Any detail)
    {
        var name = Any.GetTypeName(detail.TypeUrl);
        json.WriteStartObject();
        json.WriteString("type", name);
        json.WriteString("value", BinaryValue.Encode(detail.Value.Span));
        if (Known.Find(name) is { } type && Parsed(type, detail.Value) is { } message)
        {
            json.WritePropertyName("debug");
            json.WriteRawValue(Formatter.Format(message));
        }

        json.WriteEndObject();
    }

    private static IMessage? Parsed(MessageDescriptor type, ByteString value)
    {
        try
        {
            return type.Parser.ParseFrom(value);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }
}
