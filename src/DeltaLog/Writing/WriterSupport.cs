namespace Latecomer.DeltaLog;

/// <summary>What this build writes (PROTOCOL.md, "Protocol Evolution" and "Table Features").</summary>
internal static class WriterSupport
{
    private static readonly HashSet<string> Features = new(StringComparer.Ordinal) { "appendOnly", "invariants", "timestampNtz", "domainMetadata", "vacuumProtocolCheck", "v2Checkpoint" };

    private static readonly string[][] FeaturesOfVersion =
    [
        [], [], ["appendOnly", "invariants"], ["checkConstraints"], ["changeDataFeed", "generatedColumns"], ["columnMapping"], ["identityColumns"],
    ];

    /// <summary>Refuses a table that needs a writer which this is not.</summary>
    internal static void Require(string location, Snapshot? read, CommitProposal proposal)
    {
        var protocol = proposal.Actions.OfType<Protocol>().LastOrDefault() ?? read?.Protocol ?? throw new ArgumentException("a new table needs a protocol action", nameof(proposal));
        var metadata = proposal.Actions.OfType<Metadata>().LastOrDefault() ?? read?.Metadata ?? throw new ArgumentException("a new table needs a metaData action", nameof(proposal));
        string[] unknown = [.. Needed(protocol, metadata).Where(feature => !Features.Contains(feature))];
        if (unknown.Length > 0)
        {
            throw new DeltaException(
                DeltaErrorClass.UnsupportedWriterFeature,
                $"{location}: the table cannot be written: it uses writer features that this build does not know: {string.Join(", ", unknown)}")
            {
                Features = unknown,
            };
        }

        if (metadata.Configuration.GetValueOrDefault("delta.appendOnly") == "true" && proposal.Actions.OfType<RemoveFile>().Any(remove => remove.DataChange))
        {
            throw new DeltaException(
                DeltaErrorClass.UnsupportedWriterFeature,
                $"{location}: the table is append-only (delta.appendOnly), so nothing can be removed from it");
        }
    }

    private static IEnumerable<string> Needed(Protocol protocol, Metadata metadata)
    {
        if (protocol.MinWriterVersion > 7)
        {
            yield return $"writer version {protocol.MinWriterVersion}";
        }

        var demanded = DemandedFeatures.Of(metadata);

        // A version stands for all that came up to it, and a table has it for one of these: what it does not use asks nothing of its writer.
        var listed = protocol.MinWriterVersion >= 7
            ? protocol.WriterFeatures ?? []
            : FeaturesOfVersion.Take(protocol.MinWriterVersion + 1).SelectMany(features => features).Intersect(demanded);
        foreach (var feature in listed)
        {
            yield return feature;
        }

        if (demanded.Contains(DemandedFeatures.Invariants))
        {
            yield return DemandedFeatures.Invariants;
        }
    }
}
