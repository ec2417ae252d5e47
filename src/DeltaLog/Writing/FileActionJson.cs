using System.Text.Json;

namespace Latecomer.DeltaLog;

/// <summary>Writes the fields of <c>add</c> and <c>remove</c>.</summary>
internal static class FileActionJson
{
    internal static void Write(Utf8JsonWriter json, AddFile add)
    {
        json.WriteString("path", add.Path);
        WritePartitionValues(json, add.PartitionValues);
        json.WriteNumber("size", add.Size ?? throw new ArgumentException($"the size of {add.Path} is not known", nameof(add)));
        json.WriteNumber("modificationTime", add.ModificationTime ?? 0);
        json.WriteBoolean("dataChange", add.DataChange);
        LogJson.WriteOptional(json, "stats", add.Stats);
        if (add.Tags is { } tags)
        {
            LogJson.WriteMap(json, "tags", tags);
        }

        WriteDeletionVector(json, add.DeletionVector);
        LogJson.WriteOptional(json, "baseRowId", add.BaseRowId);
        LogJson.WriteOptional(json, "defaultRowCommitVersion", add.DefaultRowCommitVersion);
        LogJson.WriteOptional(json, "clusteringProvider", add.ClusteringProvider);
    }

    internal static void Write(Utf8JsonWriter json, RemoveFile remove)
    {
        json.WriteString("path", remove.Path);
        LogJson.WriteOptional(json, "deletionTimestamp", remove.DeletionTimestamp);
        json.WriteBoolean("dataChange", remove.DataChange);
        if (remove.PartitionValues is { } values)
        {
            json.WriteBoolean("extendedFileMetadata", value: true);
            WritePartitionValues(json, values);
            LogJson.WriteOptional(json, "size", remove.Size);
        }

        WriteDeletionVector(json, remove.DeletionVector);
        LogJson.WriteOptional(json, "baseRowId", remove.BaseRowId);
        LogJson.WriteOptional(json, "defaultRowCommitVersion", remove.DefaultRowCommitVersion);
    }

    private static void WritePartitionValues(Utf8JsonWriter json, PartitionValues values)
    {
        json.WriteStartObject("partitionValues");
        foreach (var (name, value) in values)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
    }

    private static void WriteDeletionVector(Utf8JsonWriter json, DeletionVector? vector)
    {
        if (vector is null)
        {
            return;
        }

        json.WriteStartObject("deletionVector");
        json.WriteString("storageType", vector.StorageType);
        json.WriteString("pathOrInlineDv", vector.PathOrInlineDv);
        LogJson.WriteOptional(json, "offset", vector.Offset);
        json.WriteNumber("sizeInBytes", vector.SizeInBytes);
        json.WriteNumber("cardinality", vector.Cardinality);
        json.WriteEndObject();
    }
}
