using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Latecomer.DeltaLog;

/// <summary>Protocol and metadata as the inspection document has them.</summary>
internal static class DefinitionJson
{
    internal static void Write(Utf8JsonWriter json, Protocol protocol)
    {
        json.WriteNumber("minReaderVersion", protocol.MinReaderVersion);
        json.WriteNumber("minWriterVersion", protocol.MinWriterVersion);
        WriteFeatures(json, "readerFeatures", protocol.ReaderFeatures);
        WriteFeatures(json, "writerFeatures", protocol.WriterFeatures);
    }

    internal static void Write(Utf8JsonWriter json, Metadata metadata, Protocol? protocol)
    {
        json.WriteString("id", metadata.Id);
        json.WriteString("name", metadata.Name);
        json.WriteString("description", metadata.Description);
        json.WriteString("formatProvider", metadata.FormatProvider);
        json.WriteStartArray("partitionColumns");
        foreach (var column in metadata.PartitionColumns)
        {
            json.WriteStringValue(column);
        }

        json.WriteEndArray();
        WriteSchema(json, metadata);
        json.WriteStartObject("configuration");
        foreach (var (key, value) in metadata.Configuration.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
        json.WriteString("columnMappingMode", ColumnMapping.Of(protocol, metadata).Mode);
        InspectionJson.WriteNumber(json, "createdTime", metadata.CreatedTime);
    }

    private static void WriteFeatures(Utf8JsonWriter json, string name, IReadOnlyList<string>? features)
    {
        if (features is null)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var feature in features.Order(StringComparer.Ordinal))
        {
            json.WriteStringValue(feature);
        }

        json.WriteEndArray();
    }

    private static void WriteSchema(Utf8JsonWriter json, Metadata metadata)
    {
        var schema = metadata.TrySchema;
        json.WriteStartObject("partitionTypes");
        foreach (var column in metadata.SchemaString is null ? [] : metadata.PartitionColumns.Distinct(StringComparer.Ordinal))
        {
            json.WriteString(column, TypeOf(schema, column));
        }

        json.WriteEndObject();
        json.WriteString("schemaStringSha256", metadata.SchemaString is { } text ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))) : null);
        if (schema is null)
        {
            json.WriteNull("schemaFields");
            return;
        }

        json.WriteStartArray("schemaFields");
        foreach (var field in schema.Fields)
        {
            json.WriteStartArray();
            json.WriteStringValue(field.Name);
            json.WriteStringValue(field.Type.ToString());
            json.WriteBooleanValue(field.Nullable);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    /// <summary>The name of a partition column's type; null when the schema does not have it, in whatever case.</summary>
    private static string? TypeOf(TableSchema? schema, string column)
    {
        var field = schema?.Find(column) ?? schema?.Fields.FirstOrDefault(other => string.Equals(other.Name, column, StringComparison.OrdinalIgnoreCase));
        return field?.Type switch
        {
            null => null,
            DataType.Struct => "struct",
            DataType.Array => "array",
            DataType.Map => "map",
            var type => type.ToString(),
        };
    }
}
