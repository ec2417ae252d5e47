namespace Latecomer.DeltaLog;

/// <summary>The writer features that properties and columns ask for (PROTOCOL.md, "Table Features"): whoever sets them must write by them.</summary>
internal static class DemandedFeatures
{
    private const string FeaturePrefix = "delta.feature.";
    private const string ConstraintPrefix = "delta.constraints.";

    private static readonly Dictionary<string, string> OfSwitches = new(StringComparer.Ordinal)
    {
        ["delta.enableChangeDataFeed"] = "changeDataFeed",
        ["delta.enableDeletionVectors"] = "deletionVectors",
        ["delta.enableRowTracking"] = "rowTracking",
        ["delta.enableInCommitTimestamps"] = "inCommitTimestamp",
        ["delta.enableTypeWidening"] = "typeWidening",
        ["delta.enableIcebergCompatV1"] = "icebergCompatV1",
        ["delta.enableIcebergCompatV2"] = "icebergCompatV2",
    };

    private static readonly (string Prefix, string Feature)[] OfColumnMetadata =
    [
        ("delta.invariants", "invariants that a column declares"),
        ("delta.generationExpression", "generatedColumns"),
        ("delta.identity.", "identityColumns"),
        ("delta.columnMapping.", "columnMapping"),
        ("CURRENT_DEFAULT", "allowColumnDefaults"),
    ];

    private static readonly Dictionary<string, string> OfTypes = new(StringComparer.Ordinal)
    {
        ["timestamp_ntz"] = "timestampNtz",
        ["variant"] = "variantType",
    };

    /// <summary>What a property asks for; null when nothing.</summary>
    internal static string? Of(string property, string? value) => property switch
    {
        _ when value is null => null,
        "delta.columnMapping.mode" => value == "none" ? null : "columnMapping",
        "delta.checkpointPolicy" => value == "v2" ? "v2Checkpoint" : null,
        "delta.minReaderVersion" or "delta.minWriterVersion" => property,
        _ when property.StartsWith(FeaturePrefix, StringComparison.Ordinal) => property[FeaturePrefix.Length..],
        _ when property.StartsWith(ConstraintPrefix, StringComparison.Ordinal) => "checkConstraints",
        _ => string.Equals(value, "true", StringComparison.OrdinalIgnoreCase) ? OfSwitches.GetValueOrDefault(property) : null,
    };

    /// <summary>What a column asks for, with all below it.</summary>
    internal static IEnumerable<string> Of(SchemaField column) => column.Metadata.Keys
        .Select(key => OfColumnMetadata.FirstOrDefault(known => key.StartsWith(known.Prefix, StringComparison.Ordinal)).Feature)
        .OfType<string>().Concat(Of(column.Type));

    private static IEnumerable<string> Of(DataType type) => type switch
    {
        DataType.Struct group => group.Fields.SelectMany(Of),
        DataType.Array list => Of(list.Element),
        DataType.Map map => Of(map.Key).Concat(Of(map.Value)),
        _ => OfTypes.TryGetValue(type.ToString(), out var feature) ? [feature] : [],
    };
}
