using System.Text.Json;

namespace Latecomer.DeltaLog;

/// <summary>Commits and what they changed, as the inspection document has them.</summary>
internal static class ChangesJson
{
    internal static void Write(Utf8JsonWriter json, LogSurvey survey)
    {
        json.WriteStartArray("commits");
        foreach (var version in survey.Segment.Commits)
        {
            json.WriteStartObject();
            json.WriteNumber("version", version);
            if (survey.Commits.TryGetValue(version, out var commit))
            {
                Write(json, commit);
            }
            else if (survey.BrokenCommits.TryGetValue(version, out var error))
            {
                json.WriteStartObject("error");
                InspectionJson.WriteError(json, error);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>The changes by partition, named as the schema names them, in order.</summary>
    internal static void WritePartitions(Utf8JsonWriter json, IEnumerable<PartitionChange> changes, ColumnMapping mapping, ColumnMapping? before)
    {
        json.WriteStartArray("partitions");
        foreach (var (partition, change) in changes
            .Select(change => (Partition: mapping.ToLogical(change.Partition, before), Change: change))
            .OrderBy(named => InspectionJson.SortKey(named.Partition), Comparer<string>.Create(LogicalFileOrder.CompareUtf8)))
        {
            json.WriteStartObject();
            InspectionJson.WritePartition(json, "partition", partition);
            WriteSides(json, change);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    internal static void WriteUnknown(Utf8JsonWriter json, PartitionChange? unknown)
    {
        if (unknown is not null)
        {
            json.WriteStartObject("unknownPartition");
            json.WriteNull("partition");
            WriteSides(json, unknown);
            json.WriteEndObject();
        }
    }

    private static void Write(Utf8JsonWriter json, SurveyedCommit commit)
    {
        var (changes, info) = (commit.Changes, commit.Changes.CommitInfo);
        json.WriteNumber("actions", commit.Lines);
        LogJson.WriteOptional(json, "operation", info?.Operation is { Length: > 0 } operation ? operation : null);
        LogJson.WriteOptional(json, "timestamp", info?.Timestamp);
        LogJson.WriteOptional(json, "inCommitTimestamp", info?.InCommitTimestamp);
        WriteFlag(json, "priorStateUnknown", !commit.IsPriorStateKnown);
        WriteFlag(json, "protocol", changes.Protocol is not null);
        WriteFlag(json, "metaData", changes.Metadata is not null);
        LogJson.WriteOptional(json, "cdcFiles", commit.CdcFiles > 0 ? commit.CdcFiles : null);
        json.WriteBoolean("dataChange", changes.IsDataChange);
        WritePartitions(json, changes.Partitions, commit.Mapping, commit.MappingBefore);
        WriteUnknown(json, changes.UnknownPartition);
        if (commit.Notes.Count > 0)
        {
            json.WriteStartArray("notes");
            foreach (var note in commit.Notes)
            {
                json.WriteStringValue(note);
            }

            json.WriteEndArray();
        }
    }

    private static void WriteFlag(Utf8JsonWriter json, string name, bool isSet)
    {
        if (isSet)
        {
            json.WriteBoolean(name, value: true);
        }
    }

    internal static void WriteSides(Utf8JsonWriter json, PartitionChange change)
    {
        WriteSide(json, "added", change.Added);
        WriteSide(json, "removed", change.Removed);
        WriteSide(json, "rearrangedAdded", change.RearrangedAdded);
        WriteSide(json, "rearrangedRemoved", change.RearrangedRemoved);
    }

    private static void WriteSide(Utf8JsonWriter json, string name, FileTotals totals)
    {
        if (totals.Files == 0)
        {
            return;
        }

        json.WriteStartObject(name);
        json.WriteNumber("files", totals.Files);
        json.WriteNumber("bytes", totals.Bytes);
        json.WriteNumber("rows", totals.Rows);
        json.WriteNumber("liveRows", totals.LiveRows);
        LogJson.WriteOptional(json, "filesWithoutRows", totals.FilesWithoutRows > 0 ? totals.FilesWithoutRows : null);
        LogJson.WriteOptional(json, "filesWithoutBytes", totals.FilesWithoutBytes > 0 ? totals.FilesWithoutBytes : null);
        LogJson.WriteOptional(json, "filesWithDv", totals.FilesWithDeletionVector > 0 ? totals.FilesWithDeletionVector : null);
        json.WriteEndObject();
    }
}
