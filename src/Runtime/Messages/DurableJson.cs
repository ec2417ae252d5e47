using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Latecomer.Runtime;

/// <summary>The one JSON format of everything durable: camelCase, enums by name, no nulls and no defaults that a reader can
/// restore, ids as their text.</summary>
public static class DurableJson
{
    /// <summary>The settings, also for projections that the edge reads.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>Writes a value as its own type.</summary>
    public static byte[] Write<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Options);

    /// <summary>Writes a value as <paramref name="type"/>.</summary>
    public static byte[] Write(object value, Type type) => JsonSerializer.SerializeToUtf8Bytes(value, type, Options);

    /// <summary>Reads a value that has no version of its own.</summary>
    public static T Read<T>(ReadOnlySpan<byte> body) => Read<T>(body, typeof(T).Name, 1, 1);

    /// <summary>Reads a value.</summary>
    /// <exception cref="InvalidDataException">It is of a newer version, or not of its format; the message names <paramref name="what"/>.</exception>
    public static T Read<T>(ReadOnlySpan<byte> body, string what, int version, int known) =>
        (T)Read(body, typeof(T), what, version, known);

    /// <inheritdoc cref="Read{T}(ReadOnlySpan{byte}, string, int, int)"/>
    public static object Read(ReadOnlySpan<byte> body, Type type, string what, int version, int known)
    {
        if (version > known)
        {
            throw new InvalidDataException($"This build reads {what} up to format {known}, but found format {version}: a newer build wrote it. Run that build or newer.");
        }

        try
        {
            return JsonSerializer.Deserialize(body, type, Options)
                ?? throw new InvalidDataException($"Found null where {what} should be.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"What is stored as {what} cannot be read: {e.Message}", e);
        }
    }

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.General)
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            RespectNullableAnnotations = true,
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new ParsableConverterFactory() },
        };
        options.MakeReadOnly();
        return options;
    }
}
