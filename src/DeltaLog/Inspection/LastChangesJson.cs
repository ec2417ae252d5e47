using System.Text.Json;

namespace Latecomer.DeltaLog;

/// <summary>The last data change of each partition, as the inspection document has it: by the readable commits that end the log, and what they resolve.
/// For following a table there is <see cref="PartitionHistoryReader"/>, which does not replay.</summary>
internal static class LastChangesJson
{
    internal static async Task Write(Utf8JsonWriter json, LogSurvey survey, CancellationToken cancellation)
    {
        var state = await survey.StateAt(survey.Segment.Latest, cancellation);
        var snapshot = new Snapshot(survey.Location, state);
        var mappingBefore = survey.LastRun is var (_, end) ? survey.Commits[end].MappingBefore : null;
        var listing = new PartitionListing(snapshot, HistoryOf(survey));
        json.WriteStartObject("lastDataChange");
        InspectionJson.WriteNumber(json, "fromCommit", listing.History.FromCommit);
        json.WriteStartArray("partitions");
        foreach (var (name, partition) in listing.Named(mappingBefore))
        {
            json.WriteStartObject();
            InspectionJson.WritePartition(json, "partition", name);
            var version = listing.LastDataChangeOf(partition)?.Version;
            InspectionJson.WriteNumber(json, "lastDataChange", version);
            LogJson.WriteOptional(json, "atOrBefore", version is null ? listing.UnknownUpTo : null);
            json.WriteNumber("activeFiles", listing.SummaryOf(partition).ActiveFiles);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        LogJson.WriteOptional(json, "unknownPartitionLastDataChange", listing.History.UnknownPartition?.Version);
        json.WriteEndObject();
    }

    private static PartitionHistory HistoryOf(LogSurvey survey)
    {
        var changes = new Dictionary<PartitionValues, DataChange>();
        DataChange? unknown = null;
        if (survey.LastRun is not var (first, last))
        {
            return new PartitionHistory(FromCommit: null, changes, unknown);
        }

        for (var version = first; version <= last; version++)
        {
            var commit = survey.Commits[version].Changes;
            var change = new DataChange(version, commit.CommitTime);
            foreach (var partition in commit.Partitions.Where(partition => partition.IsDataChange))
            {
                changes[partition.Partition] = change;
            }

            unknown = commit.UnknownPartition is { Removed.Files: > 0 } ? change : unknown;
        }

        return new PartitionHistory(first, changes, unknown);
    }
}
