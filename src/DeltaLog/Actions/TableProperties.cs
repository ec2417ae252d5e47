using System.Globalization;

namespace Latecomer.DeltaLog;

/// <summary>Properties of a table that this build goes by. What is not there, or cannot be understood, has Delta's default.</summary>
internal static class TableProperties
{
    private const int DefaultCheckpointInterval = 10;
    private static readonly TimeSpan DefaultTombstonesKept = TimeSpan.FromDays(7);

    /// <summary>Every how many commits a checkpoint is written.</summary>
    internal static int CheckpointInterval(Metadata metadata) =>
        int.TryParse(metadata.Configuration.GetValueOrDefault("delta.checkpointInterval"), NumberStyles.None, CultureInfo.InvariantCulture, out var commits) && commits > 0
            ? commits
            : DefaultCheckpointInterval;

    /// <summary>Whether checkpoints hold the statistics as JSON text.</summary>
    internal static bool WritesStatsAsJson(Metadata metadata) => !IsFalse(metadata, "delta.checkpoint.writeStatsAsJson");

    /// <summary>Whether checkpoints are to be of V2.</summary>
    internal static bool WantsV2Checkpoints(Metadata metadata) => metadata.Configuration.GetValueOrDefault("delta.checkpointPolicy") == "v2";

    /// <summary>How long the tombstone of a removed file is kept; null, for ever, when that cannot be understood.</summary>
    internal static TimeSpan? TombstonesKept(Metadata metadata) =>
        metadata.Configuration.GetValueOrDefault("delta.deletedFileRetentionDuration") is { } text ? IntervalText.TryParse(text) : DefaultTombstonesKept;

    private static bool IsFalse(Metadata metadata, string name) =>
        string.Equals(metadata.Configuration.GetValueOrDefault(name), "false", StringComparison.OrdinalIgnoreCase);
}
