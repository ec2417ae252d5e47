namespace Latecomer.DeltaLog;

/// <summary>Of which tables this build writes checkpoints: a checkpoint carries actions and interprets none, so of more than it can write rows to.</summary>
internal static class CheckpointSupport
{
    /// <summary>Features that ask nothing of a checkpoint but to keep the actions that it keeps.</summary>
    private static readonly HashSet<string> WriterFeatures = new(StringComparer.Ordinal)
    {
        "allowColumnDefaults", "appendOnly", "changeDataFeed", "checkConstraints", "checkpointProtection", "clustering", "collations", "collations-preview",
        "columnMapping", "deletionVectors", "domainMetadata", "generatedColumns", "geospatial", "icebergCompatV1", "icebergCompatV2", "identityColumns",
        "inCommitTimestamp", "inCommitTimestamp-preview", "invariants", "rowTracking", "timestampNtz", "typeWidening", "typeWidening-preview",
        "v2Checkpoint", "vacuumProtocolCheck", "variantShredding", "variantShredding-preview", "variantType", "variantType-preview",
    };

    /// <exception cref="DeltaException">A checkpoint of the table might lose something (<see cref="DeltaErrorClass.UnsupportedWriterFeature"/>), or the table
    /// cannot even be read.</exception>
    internal static void Require(string location, SnapshotState state)
    {
        if (ReaderSupport.Refusal(location, state.Version, state.Protocol, state.Metadata) is { } refusal)
        {
            throw refusal;
        }

        var protocol = state.Protocol!;
        string[] unknown =
        [
            .. protocol.MinWriterVersion > 7 ? [$"writer version {protocol.MinWriterVersion}"] : Array.Empty<string>(),
            .. (protocol.WriterFeatures ?? []).Where(feature => !WriterFeatures.Contains(feature)),
        ];
        if (unknown.Length > 0)
        {
            throw new DeltaException(
                DeltaErrorClass.UnsupportedWriterFeature,
                $"{location}: no checkpoint of version {state.Version} can be written: the table uses writer features that this build does not know: {string.Join(", ", unknown)}")
            {
                Features = unknown,
            };
        }
    }

    /// <summary>Whether the table asks for checkpoints of V2, and may.</summary>
    internal static bool WritesV2(SnapshotState state) =>
        TableProperties.WantsV2Checkpoints(state.Metadata!) && (state.Protocol!.WriterFeatures ?? []).Contains("v2Checkpoint", StringComparer.Ordinal);
}
