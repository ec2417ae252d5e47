namespace Latecomer.DeltaLog;

/// <summary>What became of an attempt to commit.</summary>
public abstract record CommitResult
{
    private CommitResult()
    {
    }

    /// <summary>The commit is in the log, durably, once.</summary>
    public sealed record Committed(long Version) : CommitResult;

    /// <summary>The table already holds this application version: an earlier attempt succeeded. Nothing was written.</summary>
    /// <param name="Version">The table version that holds it; where only a checkpoint tells of it, the version that was read.</param>
    public sealed record AlreadyCommitted(long Version) : CommitResult;

    /// <summary>The table holds a higher version of the same application: this writer was overtaken and must not write. Nothing was written.</summary>
    /// <param name="Version">The table version that holds it; where only a checkpoint tells of it, the version that was read.</param>
    /// <param name="ByTransactionVersion">The higher application version.</param>
    public sealed record Superseded(long Version, long ByTransactionVersion) : CommitResult;

    /// <summary>Another commit changed what this one relied on. Nothing was written; read again and decide again.</summary>
    public sealed record Conflict(ConflictKind Kind, long AtVersion, string Reason) : CommitResult;
}
