using System.Text.Json;

namespace Latecomer.DeltaLog;

/// <summary>Everything that a log says of its table, as one JSON document for programs: outcome, versions, histories, snapshots, commits, ranges and the
/// last data change of each partition. A table that is refused is described as far as its log can be read. Made for looking into a table: the whole log is read.</summary>
public static class InspectionDocument
{
    private const int FormatVersion = 1;
    private const int MostVersionErrors = 60;
    private const int MostMissingVersions = 200;
    private const int FlushAbove = 1 << 16;

    /// <summary>Writes the document. The table's error is a part of it and is returned; null when its latest version can be read.</summary>
    public static async Task<DeltaException?> Write(ILogStore log, Stream to, CancellationToken cancellation = default)
    {
        await using var json = new Utf8JsonWriter(to, LogJson.WriterOptions);
        json.WriteStartObject();
        json.WriteNumber("formatVersion", FormatVersion);
        var error = await WriteTable(json, log, cancellation);
        json.WriteEndObject();
        await json.FlushAsync(cancellation);
        return error;
    }

    internal static async ValueTask FlushLarge(Utf8JsonWriter json, CancellationToken cancellation)
    {
        if (json.BytesPending > FlushAbove)
        {
            await json.FlushAsync(cancellation);
        }
    }

    private static async Task<DeltaException?> WriteTable(Utf8JsonWriter json, ILogStore log, CancellationToken cancellation)
    {
        LogSurvey survey;
        try
        {
            survey = await LogSurvey.Read(log, cancellation);
        }
        catch (DeltaException error)
        {
            WriteOutcome(json, error, "open");
            return error;
        }

        var latest = survey.Segment.Latest;
        var refusal = await survey.ErrorOf(latest, cancellation);
        json.WriteNumber("latestVersion", latest);
        WriteOutcome(json, refusal, "latest");
        WriteReadable(json, survey);
        await WriteVersionErrors(json, survey, cancellation);
        survey.Protocols.Write(json, "protocolHistory");
        survey.Metadatas.Write(json, "metadataHistory");
        SnapshotsJson.WriteTotals(json, survey);
        await SnapshotsJson.WriteFiles(json, survey, cancellation);
        ChangesJson.Write(json, survey);
        await RangesJson.Write(json, survey, cancellation);
        if (refusal is null)
        {
            await LastChangesJson.Write(json, survey, cancellation);
        }

        return refusal;
    }

    private static void WriteOutcome(Utf8JsonWriter json, DeltaException? error, string at)
    {
        json.WriteString("outcome", error is null ? "ok" : "error");
        if (error is not null)
        {
            json.WriteStartObject("error");
            json.WriteString("at", at);
            InspectionJson.WriteError(json, error);
            json.WriteEndObject();
        }
    }

    private static void WriteReadable(Utf8JsonWriter json, LogSurvey survey)
    {
        json.WriteStartArray("snapshotVersions");
        long? first = null;
        long last = 0;
        foreach (var version in survey.Reachable.Where(version => survey.RefusalOf(version) is null))
        {
            if (first is { } begun && version != last + 1)
            {
                WriteRange(json, begun, last);
                first = version;
            }

            first ??= version;
            last = version;
        }

        if (first is { } open)
        {
            WriteRange(json, open, last);
        }

        json.WriteEndArray();
    }

    private static void WriteRange(Utf8JsonWriter json, long first, long last)
    {
        json.WriteStartArray();
        json.WriteNumberValue(first);
        json.WriteNumberValue(last);
        json.WriteEndArray();
    }

    private static async Task WriteVersionErrors(Utf8JsonWriter json, LogSurvey survey, CancellationToken cancellation)
    {
        var (versions, latest) = (survey.Segment.Versions, survey.Segment.Latest);
        var first = versions[0];
        var candidates = latest - first < MostMissingVersions ? Range(first, latest) : versions;
        json.WriteStartArray("versionErrors");
        var written = 0;
        foreach (var version in candidates.Where(version => version != latest).Prepend(first - 1).Where(version => version >= 0))
        {
            if (written < MostVersionErrors && await survey.ErrorOf(version, cancellation) is { } error)
            {
                WriteVersionError(json, version, error);
                written++;
            }
        }

        WriteVersionError(json, latest + 1, (await survey.ErrorOf(latest + 1, cancellation))!);
        json.WriteEndArray();
    }

    private static IEnumerable<long> Range(long first, long last)
    {
        for (var version = first; version <= last; version++)
        {
            yield return version;
        }
    }

    private static void WriteVersionError(Utf8JsonWriter json, long version, DeltaException error)
    {
        json.WriteStartObject();
        json.WriteNumber("version", version);
        InspectionJson.WriteError(json, error);
        json.WriteEndObject();
    }
}
