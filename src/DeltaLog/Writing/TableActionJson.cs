using System.Text.Json;

namespace Latecomer.DeltaLog;

/// <summary>Writes the fields of the actions that say what the table is.</summary>
internal static class TableActionJson
{
    internal static void Write(Utf8JsonWriter json, Protocol protocol)
    {
        json.WriteNumber("minReaderVersion", protocol.MinReaderVersion);
        json.WriteNumber("minWriterVersion", protocol.MinWriterVersion);
        WriteStrings(json, "readerFeatures", protocol.ReaderFeatures);
        WriteStrings(json, "writerFeatures", protocol.WriterFeatures);
    }

    internal static void Write(Utf8JsonWriter json, Metadata metadata)
    {
        json.WriteString("id", metadata.Id);
        LogJson.WriteOptional(json, "name", metadata.Name);
        LogJson.WriteOptional(json, "description", metadata.Description);
        json.WriteStartObject("format");
        json.WriteString("provider", metadata.FormatProvider ?? "parquet");
        LogJson.WriteMap(json, "options", metadata.FormatOptions);
        json.WriteEndObject();
        LogJson.WriteOptional(json, "schemaString", metadata.SchemaString);
        WriteStrings(json, "partitionColumns", metadata.PartitionColumns);
        LogJson.WriteMap(json, "configuration", metadata.Configuration);
        LogJson.WriteOptional(json, "createdTime", metadata.CreatedTime);
    }

    internal static void Write(Utf8JsonWriter json, SetTransaction txn)
    {
        json.WriteString("appId", txn.AppId);
        json.WriteNumber("version", txn.Version);
        LogJson.WriteOptional(json, "lastUpdated", txn.LastUpdated);
    }

    internal static void Write(Utf8JsonWriter json, DomainMetadata domain)
    {
        json.WriteString("domain", domain.Domain);
        json.WriteString("configuration", domain.Configuration);
        json.WriteBoolean("removed", domain.Removed);
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IReadOnlyList<string>? strings)
    {
        if (strings is null)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var text in strings)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
