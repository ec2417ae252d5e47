using System.Globalization;

namespace Latecomer.DeltaLog;

/// <summary>Since when the commits of a table carry its own, monotone time (PROTOCOL.md, "In-Commit Timestamps").</summary>
/// <param name="FromVersion">The first version whose commit does.</param>
/// <param name="FromTime">That commit's time, in milliseconds since the epoch; null when all commits of the table do.</param>
internal sealed record InCommitTimestamps(long FromVersion, long? FromTime)
{
    private const string Feature = "inCommitTimestamp";
    private const string EnabledProperty = "delta.enableInCommitTimestamps";
    private const string VersionProperty = "delta.inCommitTimestampEnablementVersion";
    private const string TimeProperty = "delta.inCommitTimestampEnablementTimestamp";

    /// <summary>What holds for a table; null when its commits need not carry a time.</summary>
    /// <exception cref="DeltaException">The table's properties say since when, and not in numbers.</exception>
    internal static InCommitTimestamps? Of(string location, LogDefinition table)
    {
        var properties = table.Metadata.Configuration;
        if (table.Protocol.WriterFeatures?.Contains(Feature, StringComparer.Ordinal) != true
            || !string.Equals(properties.GetValueOrDefault(EnabledProperty), "true", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        // A table that was made with the feature has neither of the two; one of them alone does not bound anything.
        return Number(location, properties, VersionProperty) is { } version && Number(location, properties, TimeProperty) is { } time
            ? new InCommitTimestamps(version, time)
            : new InCommitTimestamps(0, FromTime: null);
    }

    private static long? Number(string location, IReadOnlyDictionary<string, string?> properties, string name)
    {
        if (properties.GetValueOrDefault(name) is not { } text)
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new DeltaException(DeltaErrorClass.CorruptCommit, $"{location}: the table's property {name} is '{text}', which is no number");
    }
}
