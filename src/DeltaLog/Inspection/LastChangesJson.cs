using System.Text.Json;

namespace Latecomer.DeltaLog;

/// <summary>The last data change of each partition, as the inspection document has it.</summary>
internal static class LastChangesJson
{
    internal static async Task Write(Utf8JsonWriter json, ILogStore log, LogSurvey survey, CancellationToken cancellation)
    {
        var latest = survey.Segment.Latest;
        var state = await survey.StateAt(latest, cancellation);
        var history = await PartitionHistoryReader.Read(log, survey.Segment, state, cancellation);
        var before = survey.Commits.Count == 0 ? null : survey.Commits[survey.Commits.Keys.Max()].MappingBefore;
        var listing = new PartitionListing(new Snapshot(log.Location, state), history);
        json.WriteStartObject("lastDataChange");
        InspectionJson.WriteNumber(json, "fromCommit", history.FromCommit);
        json.WriteStartArray("partitions");
        foreach (var (name, partition) in listing.Named(before))
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
        LogJson.WriteOptional(json, "unknownPartitionLastDataChange", history.UnknownPartition?.Version);
        json.WriteEndObject();
    }
}
