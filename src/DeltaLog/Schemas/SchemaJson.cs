using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Latecomer.DeltaLog;

/// <summary>The JSON of schemas (PROTOCOL.md, "Schema Serialization Format").</summary>
internal static class SchemaJson
{
    internal static DataType ReadType(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return new DataType.Primitive(reader.GetString()!);
        }

        Require(ref reader, JsonTokenType.StartObject);
        var parts = new TypeParts();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            parts.Read(ref reader);
        }

        return parts.Build();
    }

    internal static string Write(DataType type)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, LogJson.WriterOptions))
        {
            WriteType(writer, type);
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    private static void WriteType(Utf8JsonWriter writer, DataType type)
    {
        switch (type)
        {
            case DataType.Primitive primitive:
                writer.WriteStringValue(primitive.Name);
                return;
            case DataType.Struct fields:
                WriteStruct(writer, fields);
                return;
            case DataType.Array array:
                writer.WriteStartObject();
                writer.WriteString("type", "array");
                writer.WritePropertyName("elementType");
                WriteType(writer, array.Element);
                writer.WriteBoolean("containsNull", array.ContainsNull);
                writer.WriteEndObject();
                return;
            case DataType.Map map:
                writer.WriteStartObject();
                writer.WriteString("type", "map");
                writer.WritePropertyName("keyType");
                WriteType(writer, map.Key);
                writer.WritePropertyName("valueType");
                WriteType(writer, map.Value);
                writer.WriteBoolean("valueContainsNull", map.ValueContainsNull);
                writer.WriteEndObject();
                return;
            default:
                throw new UnreachableException();
        }
    }

    private static void WriteStruct(Utf8JsonWriter writer, DataType.Struct fields)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "struct");
        writer.WriteStartArray("fields");
        foreach (var field in fields.Fields)
        {
            writer.WriteStartObject();
            writer.WriteString("name", field.Name);
            writer.WritePropertyName("type");
            WriteType(writer, field.Type);
            writer.WriteBoolean("nullable", field.Nullable);
            LogJson.WriteMap(writer, "metadata", field.Metadata);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static List<SchemaField> ReadFields(ref Utf8JsonReader reader)
    {
        Require(ref reader, JsonTokenType.StartArray);
        var fields = new List<SchemaField>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            fields.Add(ReadField(ref reader));
        }

        return fields;
    }

    private static SchemaField ReadField(ref Utf8JsonReader reader)
    {
        Require(ref reader, JsonTokenType.StartObject);
        string? name = null;
        DataType? type = null;
        var nullable = true;
        IReadOnlyDictionary<string, string?>? metadata = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var property = reader.GetString();
            reader.Read();
            switch (property)
            {
                case "name": name = LogJson.String(ref reader); break;
                case "type": type = ReadType(ref reader); break;
                case "nullable": nullable = LogJson.Bool(ref reader) ?? true; break;
                case "metadata": metadata = LogJson.Map(ref reader); break;
                default: reader.Skip(); break;
            }
        }

        var field = new SchemaField(
            name ?? throw new JsonException("a field has no name"),
            type ?? throw new JsonException($"field {name} has no type"),
            nullable);
        return metadata is null ? field : field with { Metadata = metadata };
    }

    private static void Require(ref Utf8JsonReader reader, JsonTokenType expected)
    {
        if (reader.TokenType != expected)
        {
            throw new JsonException($"found {reader.TokenType} where {expected} belongs");
        }
    }

    private sealed class TypeParts
    {
        private string? _kind;
        private List<SchemaField>? _fields;
        private DataType? _element;
        private DataType? _key;
        private DataType? _value;
        private bool _containsNull = true;

        internal void Read(ref Utf8JsonReader reader)
        {
            var property = reader.GetString();
            reader.Read();
            switch (property)
            {
                case "type": _kind = LogJson.String(ref reader); break;
                case "fields": _fields = ReadFields(ref reader); break;
                case "elementType": _element = ReadType(ref reader); break;
                case "keyType": _key = ReadType(ref reader); break;
                case "valueType": _value = ReadType(ref reader); break;
                case "containsNull" or "valueContainsNull": _containsNull = LogJson.Bool(ref reader) ?? true; break;
                default: reader.Skip(); break;
            }
        }

        internal DataType Build() => (_kind, _fields, _element, _key, _value) switch
        {
            ("struct", { } fields, _, _, _) => new DataType.Struct(fields),
            ("array", _, { } element, _, _) => new DataType.Array(element, _containsNull),
            ("map", _, _, { } key, { } value) => new DataType.Map(key, value, _containsNull),
            _ => throw new JsonException($"a type of kind {_kind ?? "null"} lacks its parts"),
        };
    }
}
