using System.Text.Json;

namespace Latecomer.DeltaLog;

/// <summary>Reads the actions that say what the table is. Each starts on the action's opening brace and ends on its closing one.</summary>
internal static class TableActionParser
{
    internal static Protocol Protocol(ref Utf8JsonReader reader)
    {
        int? minReader = null;
        int? minWriter = null;
        List<string>? readerFeatures = null;
        List<string>? writerFeatures = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "minReaderVersion": minReader = LogJson.Int(ref reader); break;
                case "minWriterVersion": minWriter = LogJson.Int(ref reader); break;
                case "readerFeatures": readerFeatures = LogJson.Strings(ref reader); break;
                case "writerFeatures": writerFeatures = LogJson.Strings(ref reader); break;
                default: reader.Skip(); break;
            }
        }

        return new Protocol(
            minReader ?? throw LogJson.Unexpected(ref reader, "a protocol action with minReaderVersion"),
            minWriter ?? throw LogJson.Unexpected(ref reader, "a protocol action with minWriterVersion"),
            readerFeatures,
            writerFeatures);
    }

    internal static Metadata Metadata(ref Utf8JsonReader reader)
    {
        var metadata = new Metadata { Id = "", FormatProvider = null };
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            metadata = name switch
            {
                "id" => metadata with { Id = LogJson.String(ref reader) ?? "" },
                "name" => metadata with { Name = LogJson.String(ref reader) },
                "description" => metadata with { Description = LogJson.String(ref reader) },
                "format" => WithFormat(ref reader, metadata),
                "schemaString" => metadata with { SchemaString = LogJson.String(ref reader) },
                "partitionColumns" => metadata with { PartitionColumns = LogJson.Strings(ref reader) ?? [] },
                "configuration" => LogJson.Map(ref reader) is { } map ? metadata with { Configuration = map } : metadata,
                "createdTime" => metadata with { CreatedTime = LogJson.Long(ref reader) },
                _ => Skipped(ref reader, metadata),
            };
        }

        return metadata;
    }

    internal static SetTransaction Transaction(ref Utf8JsonReader reader)
    {
        string? appId = null;
        long? version = null;
        long? lastUpdated = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "appId": appId = LogJson.String(ref reader); break;
                case "version": version = LogJson.Long(ref reader); break;
                case "lastUpdated": lastUpdated = LogJson.Long(ref reader); break;
                default: reader.Skip(); break;
            }
        }

        return new SetTransaction(
            appId ?? throw LogJson.Unexpected(ref reader, "a txn action with appId"),
            version ?? throw LogJson.Unexpected(ref reader, "a txn action with version"),
            lastUpdated);
    }

    internal static DomainMetadata Domain(ref Utf8JsonReader reader)
    {
        string? domain = null;
        string? configuration = null;
        bool? removed = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "domain": domain = LogJson.String(ref reader); break;
                case "configuration": configuration = LogJson.String(ref reader); break;
                case "removed": removed = LogJson.Bool(ref reader); break;
                default: reader.Skip(); break;
            }
        }

        return new DomainMetadata(
            domain ?? throw LogJson.Unexpected(ref reader, "a domainMetadata action with a domain"),
            configuration ?? "",
            removed ?? false);
    }

    internal static string SidecarPath(ref Utf8JsonReader reader)
    {
        string? path = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isPath = reader.ValueTextEquals("path"u8);
            reader.Read();
            if (isPath)
            {
                path = LogJson.String(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return path ?? throw LogJson.Unexpected(ref reader, "a sidecar action with a path");
    }

    private static Metadata WithFormat(ref Utf8JsonReader reader, Metadata metadata)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return metadata with { FormatProvider = null };
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw LogJson.Unexpected(ref reader, "an object");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            metadata = name switch
            {
                "provider" => metadata with { FormatProvider = LogJson.String(ref reader) },
                "options" when reader.TokenType == JsonTokenType.StartObject => metadata with { FormatOptions = LogJson.Map(ref reader)! },
                _ => Skipped(ref reader, metadata),
            };
        }

        return metadata;
    }

    private static Metadata Skipped(ref Utf8JsonReader reader, Metadata metadata)
    {
        reader.Skip();
        return metadata;
    }
}
