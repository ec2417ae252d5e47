namespace Latecomer.DeltaLog;

/// <summary>How far a log has been followed: everything up to <paramref name="Version"/> has been seen.</summary>
/// <param name="Version">The version; -1 before the first.</param>
/// <param name="TableId">The table's id, to notice another table at the same place; null: not known yet.</param>
/// <param name="Fingerprint">The hash of that version's commit, likewise; null: not known.</param>
public sealed record LogPosition(long Version, string? TableId = null, string? Fingerprint = null)
{
    /// <summary>Before the first version.</summary>
    public static LogPosition Start { get; } = new(-1);
}
