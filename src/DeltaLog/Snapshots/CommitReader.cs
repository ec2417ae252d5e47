namespace Latecomer.DeltaLog;

/// <summary>Reads commits by version.</summary>
internal static class CommitReader
{
    /// <summary>Reads a commit; null when there is none of that version.</summary>
    internal static async ValueTask<Commit?> TryRead(
        ILogStore log, long version, ActionDetail detail, CancellationToken cancellation, PartitionValuesCache? partitions = null)
    {
        using var bytes = await log.TryRead(LogFile.CommitName(version), cancellation);
        return bytes is null ? null : CommitParser.Parse(log.Location, version, bytes.Memory.Span, detail, partitions);
    }

    /// <summary>Reads a commit and its fingerprint; null when there is none of that version.</summary>
    internal static async ValueTask<Commit?> TryReadWithFingerprint(ILogStore log, long version, ActionDetail detail, CancellationToken cancellation)
    {
        using var bytes = await log.TryRead(LogFile.CommitName(version), cancellation);
        return bytes is null
            ? null
            : CommitParser.Parse(log.Location, version, bytes.Memory.Span, detail) with { Fingerprint = CommitParser.Fingerprint(bytes.Memory.Span) };
    }

    /// <summary>The hash of a commit's bytes; null when there is none of that version.</summary>
    internal static async ValueTask<string?> TryFingerprint(ILogStore log, long version, CancellationToken cancellation)
    {
        using var bytes = await log.TryRead(LogFile.CommitName(version), cancellation);
        return bytes is null ? null : CommitParser.Fingerprint(bytes.Memory.Span);
    }
}
