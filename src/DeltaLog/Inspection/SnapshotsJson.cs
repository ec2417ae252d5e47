using System.Text.Json;

namespace Latecomer.DeltaLog;

/// <summary>Versions and their files, as the inspection document has them.</summary>
internal static class SnapshotsJson
{
    private const int MostFiles = 400;

    internal static void WriteTotals(Utf8JsonWriter json, LogSurvey survey)
    {
        json.WriteStartArray("versions");
        foreach (var version in survey.Reachable)
        {
            var (_, files, rowsByReplay, hash) = survey.TotalsOf(version);
            json.WriteStartObject();
            json.WriteNumber("version", version);
            json.WriteNumber("numFiles", files.Files);
            json.WriteNumber("sizeInBytes", files.Bytes);
            json.WriteNumber("numRecords", files.Rows);
            json.WriteNumber("filesWithoutNumRecords", files.FilesWithoutRows);
            json.WriteNumber("numRecordsLive", files.LiveRows);
            json.WriteNumber("filesWithDv", files.FilesWithDeletionVector);
            json.WriteString("filesSha256", hash);
            LogJson.WriteOptional(json, "numRecordsByCommitReplay", rowsByReplay);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Writes the files of the first, the middle and the last version and of those with a checkpoint; of large ones only the last.</summary>
    internal static async Task WriteFiles(Utf8JsonWriter json, LogSurvey survey, CancellationToken cancellation)
    {
        json.WriteStartArray("snapshots");
        foreach (var version in Wanted(survey))
        {
            var state = await survey.StateAt(version, cancellation);
            if (state.Files.Count > MostFiles && version != survey.Segment.Latest)
            {
                continue;
            }

            json.WriteStartObject();
            json.WriteNumber("version", version);
            await WriteFiles(json, state, cancellation);
            WriteApplications(json, state);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static SortedSet<long> Wanted(LogSurvey survey)
    {
        var reachable = survey.Reachable;
        return reachable.Count == 0
            ? []
            : [reachable[0], reachable[^1], reachable[reachable.Count / 2], .. reachable.Where(version => survey.Segment.CheckpointsOf(version).Count > 0)];
    }

    private static async Task WriteFiles(Utf8JsonWriter json, SnapshotState state, CancellationToken cancellation)
    {
        var mapping = ColumnMapping.Of(state.Protocol, state.Metadata);
        json.WriteStartArray("files");
        foreach (var file in VersionTotals.Sorted(state))
        {
            json.WriteStartObject();
            WriteFile(json, file, mapping);
            json.WriteEndObject();
            await InspectionDocument.FlushLarge(json, cancellation);
        }

        json.WriteEndArray();
    }

    private static void WriteFile(Utf8JsonWriter json, AddFile file, ColumnMapping mapping)
    {
        json.WriteString("path", file.Path);
        LogJson.WriteOptional(json, "decodedPath", file.DecodedPath == file.Path ? null : file.DecodedPath);
        InspectionJson.WritePartition(json, "partition", mapping.ToLogical(file.PartitionValues));
        if (mapping.IsMapped && file.PartitionValues.Count > 0)
        {
            InspectionJson.WritePartition(json, "physicalPartition", file.PartitionValues);
        }

        if (file.PartitionValues.HasEmptyStrings)
        {
            InspectionJson.WritePartition(json, "rawPartitionValues", file.PartitionValues.Raw);
        }

        InspectionJson.WriteNumber(json, "size", file.Size);
        InspectionJson.WriteNumber(json, "modificationTime", file.ModificationTime);
        InspectionJson.WriteNumber(json, "numRecords", file.NumRecords);
        if (file.DeletionVector is { } vector)
        {
            json.WriteStartObject("dv");
            json.WriteString("uniqueId", vector.UniqueId);
            json.WriteString("storageType", vector.StorageType);
            json.WriteNumber("cardinality", vector.Cardinality);
            LogJson.WriteOptional(json, "file", vector.RelativePath);
            json.WriteEndObject();
        }

        LogJson.WriteOptional(json, "baseRowId", file.BaseRowId);
        LogJson.WriteOptional(json, "defaultRowCommitVersion", file.DefaultRowCommitVersion);
    }

    private static void WriteApplications(Utf8JsonWriter json, SnapshotState state)
    {
        if (state.Transactions.Count > 0)
        {
            json.WriteStartObject("txns");
            foreach (var (application, transaction) in state.Transactions.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                json.WriteNumber(application, transaction.Version);
            }

            json.WriteEndObject();
        }

        if (state.Domains.Count > 0)
        {
            json.WriteStartObject("domainMetadata");
            foreach (var (domain, configuration) in state.Domains.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                json.WriteString(domain, configuration);
            }

            json.WriteEndObject();
        }
    }
}
