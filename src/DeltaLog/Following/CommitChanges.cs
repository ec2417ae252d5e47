namespace Latecomer.DeltaLog;

/// <summary>What one commit changed, per partition. Gross: every action counts once, as written.</summary>
public sealed record CommitChanges
{
    /// <summary>The version that the commit made.</summary>
    public required long Version { get; init; }

    /// <summary>When: the in-commit timestamp, else the writer's clock in <c>commitInfo</c>, else when the file was put; null when none is known.</summary>
    public DateTimeOffset? CommitTime { get; init; }

    /// <summary>The changed partitions, in order of their first action.</summary>
    public required IReadOnlyList<PartitionChange> Partitions { get; init; }

    /// <summary>Removes that do not say their partition, where the state before the commit was not at hand to tell; its
    /// <see cref="PartitionChange.Partition"/> means nothing. Null when there are none.</summary>
    public PartitionChange? UnknownPartition { get; init; }

    /// <summary>Where following goes on after this commit.</summary>
    public required LogPosition Position { get; init; }

    /// <summary>The table's definition, where the commit sets it.</summary>
    public Metadata? Metadata { get; init; }

    /// <summary>The table's protocol, where the commit sets it.</summary>
    public Protocol? Protocol { get; init; }

    /// <summary>Who wrote the commit and why; our writers name pipeline and run in its tags.</summary>
    public CommitInfo? CommitInfo { get; init; }

    /// <summary>The application versions that the commit sets.</summary>
    public IReadOnlyList<SetTransaction> Transactions { get; init; } = [];

    /// <summary>Whether the commit changed data in any partition, known or not.</summary>
    public bool IsDataChange => UnknownPartition is { IsDataChange: true } || Partitions.Any(change => change.IsDataChange);

    /// <summary>Sums a commit up. <paramref name="before"/> (the state at the version before) tells what a remove leaves out.</summary>
    internal static CommitChanges Of(
        Commit commit, SnapshotState? before, string? tableId = null, Metadata? metadataBefore = null, bool believesEmpty = false)
    {
        var tally = new ChangeTally(commit, before, before?.Metadata ?? metadataBefore, believesEmpty);
        var info = commit.CommitInfo;
        var metadata = commit.Metadata;
        return new CommitChanges
        {
            Version = commit.Version,
            CommitTime = (info?.InCommitTimestamp ?? info?.Timestamp) is { } milliseconds ? CommitClock.FromMilliseconds(milliseconds) : null,
            Partitions = tally.Partitions(),
            UnknownPartition = tally.UnknownPartition(),
            Position = new LogPosition(commit.Version, metadata?.Id ?? tableId ?? before?.Metadata?.Id, commit.Fingerprint),
            Metadata = metadata,
            Protocol = commit.Protocol,
            CommitInfo = info,
            Transactions = [.. commit.Actions.OfType<SetTransaction>()],
        };
    }
}
