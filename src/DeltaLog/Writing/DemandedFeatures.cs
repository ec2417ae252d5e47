namespace Latecomer.DeltaLog;

/// <summary>The writer features that properties and columns ask for (PROTOCOL.md, "Table Features"): whoever sets them must write by them.</summary>
internal static class DemandedFeatures
{
    /// <summary>Invariants in use; the feature alone may be had without any.</summary>
    internal const string Invariants = "invariants that a column declares";

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
        ("delta.invariants", Invariants),
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

    /// <summary>Features that a new table may have because this build writes by them; readers must know them too.</summary>
    private static readonly HashSet<string> OfNewTables = new(StringComparer.Ordinal) { "timestampNtz", "v2Checkpoint" };

    /// <summary>What a new table has to ask of its readers and writers.</summary>
    /// <exception cref="DeltaException">It asks for a feature that this build does not write by (<see cref="DeltaErrorClass.UnsupportedWriterFeature"/>).</exception>
    internal static Protocol ProtocolOf(Metadata metadata)
    {
        string[] demanded = [.. Of(metadata).Order(StringComparer.Ordinal)];
        if (demanded.Length == 0)
        {
            return Protocol.Default;
        }

        string[] unknown = [.. demanded.Where(feature => !OfNewTables.Contains(feature))];
        return unknown.Length == 0
            ? new Protocol(3, 7, demanded, ["appendOnly", "invariants", .. demanded])
            : throw new DeltaException(
                DeltaErrorClass.UnsupportedWriterFeature, $"no such table can be created: it needs writer features that this build does not know: {string.Join(", ", unknown)}")
            {
                Features = unknown,
            };
    }

    /// <summary>What the properties and columns of a table ask for.</summary>
    internal static IReadOnlySet<string> Of(Metadata metadata) => metadata.Configuration.Select(pair => Of(pair.Key, pair.Value)).OfType<string>()
        .Concat(metadata.TrySchema?.Fields.SelectMany(Of) ?? []).ToHashSet(StringComparer.Ordinal);

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
