using System.Text.Json;

namespace Latecomer.DeltaLog;

/// <summary>Sums of changes over ranges of commits, as the inspection document has them: (after, upTo] over the commits that end the log without a gap.</summary>
internal static class RangesJson
{
    internal static async Task Write(Utf8JsonWriter json, LogSurvey survey, CancellationToken cancellation)
    {
        json.WriteStartArray("ranges");
        if (survey.LastRun is var (first, last))
        {
            var middle = first + ((last - first) / 2);
            (long After, long UpTo)[] wanted = [(first - 1, last), (middle, last), (first - 1, middle), (last - 1, last), (last, last)];
            foreach (var (after, upTo) in wanted.Distinct().Where(range => range.After <= range.UpTo))
            {
                json.WriteStartObject();
                json.WriteNumber("after", after);
                json.WriteNumber("upTo", upTo);
                await Write(json, survey, after, upTo, cancellation);
                json.WriteEndObject();
            }

            if (first > 0)
            {
                WriteUnreachable(json, first, last);
            }
        }

        json.WriteEndArray();
    }

    private static async Task Write(Utf8JsonWriter json, LogSurvey survey, long after, long upTo, CancellationToken cancellation)
    {
        if (RefusalWithin(survey, after, upTo) is { } refusal)
        {
            json.WriteStartObject("error");
            InspectionJson.WriteError(json, refusal);
            json.WriteEndObject();
            return;
        }

        var sum = new ChangeSum();
        var unknownAt = new List<long>();
        for (var version = after + 1; version <= upTo; version++)
        {
            var commit = survey.Commits[version];
            sum.Add(commit.Changes);
            if (!commit.IsPriorStateKnown)
            {
                unknownAt.Add(version);
            }
        }

        var end = survey.Commits[upTo];
        ChangesJson.WritePartitions(json, sum.Partitions, end.Mapping, end.MappingBefore);
        ChangesJson.WriteUnknown(json, sum.UnknownPartition);
        if (unknownAt.Count > 0)
        {
            json.WriteStartArray("priorStateUnknownAt");
            unknownAt.ForEach(json.WriteNumberValue);
            json.WriteEndArray();
        }

        await WriteNet(json, survey, after, upTo, cancellation);
    }

    private static DeltaException? RefusalWithin(LogSurvey survey, long after, long upTo)
    {
        for (var version = after + 1; version <= upTo; version++)
        {
            if (survey.RefusalOf(version) is { Class: not (DeltaErrorClass.MissingProtocol or DeltaErrorClass.MissingMetadata) } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    private static async Task WriteNet(Utf8JsonWriter json, LogSurvey survey, long after, long upTo, CancellationToken cancellation)
    {
        var isSame = after == upTo;
        if (!isSame && !((after < 0 || survey.HasState(after)) && survey.HasState(upTo)))
        {
            return;
        }

        var before = isSame || after < 0 ? [] : await FilesAt(survey, after, cancellation);
        var then = isSame ? [] : await FilesAt(survey, upTo, cancellation);
        json.WriteStartObject("net");
        json.WriteNumber("filesAdded", then.Count(file => !before.Contains(file)));
        json.WriteNumber("filesRemoved", before.Count(file => !then.Contains(file)));
        json.WriteEndObject();
    }

    private static async Task<HashSet<(string Path, string? Id)>> FilesAt(LogSurvey survey, long version, CancellationToken cancellation) =>
        (await survey.StateAt(version, cancellation)).Files.All.Select(file => (LogPath.Identity(file.Path), file.DeletionVector?.UniqueId)).ToHashSet();

    private static void WriteUnreachable(Utf8JsonWriter json, long first, long last)
    {
        json.WriteStartObject();
        json.WriteNumber("after", first - 2);
        json.WriteNumber("upTo", last);
        json.WriteStartObject("error");
        json.WriteString("class", nameof(DeltaErrorClass.VersionNotReachable));
        json.WriteString("message", $"commit {first - 1} is not there");
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
