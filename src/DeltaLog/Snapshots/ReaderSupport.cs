namespace Latecomer.DeltaLog;

/// <summary>What this build reads (PROTOCOL.md, "Protocol Evolution" and "Table Features").</summary>
public static class ReaderSupport
{
    /// <summary>The reader features under which the log can be read: file counts, sizes, rows and partitions are right.</summary>
    public static IReadOnlySet<string> LogFeatures { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "columnMapping",
        "deletionVectors",
        "timestampNtz",
        "typeWidening",
        "typeWidening-preview",
        "v2Checkpoint",
        "vacuumProtocolCheck",
        "variantType",
        "variantType-preview",
        "variantShredding",
        "variantShredding-preview",
        "geospatial",
    };

    /// <summary>Why a table with this protocol and metadata cannot be read; null when it can.</summary>
    internal static DeltaException? Refusal(string location, long version, Protocol? protocol, Metadata? metadata)
    {
        if (protocol is null)
        {
            return new(DeltaErrorClass.MissingProtocol, $"{location}: the log up to version {version} has no protocol action");
        }

        return ProtocolRefusal(location, version, protocol)
            ?? (metadata is null ? new(DeltaErrorClass.MissingMetadata, $"{location}: the log up to version {version} has no metaData action") : null);
    }

    /// <summary>Why a protocol cannot be read; null when it can.</summary>
    internal static DeltaException? ProtocolRefusal(string location, long version, Protocol protocol)
    {
        if (protocol.MinReaderVersion > 3)
        {
            return new(
                DeltaErrorClass.UnsupportedReaderVersion,
                $"{location}: version {version} asks for reader version {protocol.MinReaderVersion}; versions up to 3 can be read");
        }

        if (protocol.MinReaderVersion != 3)
        {
            return null;
        }

        if (protocol.ReaderFeatures is null || protocol.MinWriterVersion != 7)
        {
            return new(
                DeltaErrorClass.InvalidProtocol,
                $"{location}: version {version} asks for reader version 3, which needs readerFeatures and writer version 7 (found {protocol.MinWriterVersion})");
        }

        string[] unknown = [.. protocol.ReaderFeatures.Where(feature => !LogFeatures.Contains(feature))];
        return unknown.Length == 0 ? null : UnsupportedFeature(location, version, unknown);
    }

    private static DeltaException UnsupportedFeature(string location, long version, string[] features) => new(
        DeltaErrorClass.UnsupportedReaderFeature,
        $"{location}: version {version} uses reader features that this build does not know: {string.Join(", ", features)}")
    {
        Features = features,
    };
}
