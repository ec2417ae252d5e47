namespace Latecomer.DeltaLog;

/// <summary>The state before the commit that is followed. It is rebuilt only for a commit that cannot be understood without it, one whose removes leave out
/// what is wanted of them; from then on it goes along with the commits.</summary>
internal sealed class PriorState(ILogStore log, RemoveDetail detail)
{
    /// <summary>When to look again for a checkpoint that makes the state reachable, where the listing had none to come.</summary>
    private const int CommitsBetweenLooks = 100;

    private LogPosition? _at;
    private SnapshotState? _state;
    private Metadata? _metadata;
    private long _unreachableBelow;

    /// <summary>Sums up the commit after a position.</summary>
    internal async ValueTask<CommitChanges> Summarize(Commit commit, LogPosition after, CancellationToken cancellation)
    {
        if (_at is null || _at.Version != after.Version || _at.Fingerprint != after.Fingerprint)
        {
            // Whatever is remembered belongs to another place, perhaps to another table.
            (_state, _metadata, _unreachableBelow) = (null, null, 0);
        }

        var changes = Sum(commit, after);
        if (_state is null && Lacks(changes) && commit.Version > _unreachableBelow)
        {
            changes = await LookUp(commit, changes, after, cancellation);
        }

        _state?.Apply(commit);
        _metadata = commit.Metadata ?? _state?.Metadata ?? _metadata;
        _at = changes.Position;
        return changes;
    }

    private CommitChanges Sum(Commit commit, LogPosition after) => CommitChanges.Of(commit, _state, after.TableId, _metadata);

    private bool Lacks(CommitChanges changes) => changes.UnknownPartition is not null || LacksTotals(changes);

    private bool LacksTotals(CommitChanges changes)
    {
        var all = changes.UnknownPartition is { } unknown ? changes.Partitions.Append(unknown) : changes.Partitions;
        return detail == RemoveDetail.Totals && all.Any(change => Lacks(change.Removed) || Lacks(change.RearrangedRemoved));
    }

    private static bool Lacks(FileTotals totals) => totals.FilesWithoutRows > 0 || totals.FilesWithoutBytes > 0;

    /// <summary>What the table is costs less than its files, and is enough to place the removes of one without partitions.</summary>
    private async ValueTask<CommitChanges> LookUp(Commit commit, CommitChanges changes, LogPosition after, CancellationToken cancellation)
    {
        if (!LacksTotals(changes))
        {
            _metadata ??= await TryReadMetadata(commit, cancellation);
            changes = Sum(commit, after);
        }

        if (!Lacks(changes))
        {
            return changes;
        }

        try
        {
            _state = await StateReader.Read(log, commit.Version - 1, ActionDetail.Counts, cancellation);
        }
        catch (DeltaException)
        {
            // Older log files are gone: removes lack what they do not say, and say so, up to the next checkpoint.
            _metadata ??= await TryReadMetadata(commit, cancellation);
            _unreachableBelow = await NextCheckpoint(commit.Version, cancellation);
        }

        return Sum(commit, after);
    }

    /// <summary>What the table was before a commit: what it is at that commit, unless the commit changes it.</summary>
    private async ValueTask<Metadata?> TryReadMetadata(Commit commit, CancellationToken cancellation)
    {
        try
        {
            return (await DefinitionReader.Read(log, commit.Metadata is null ? commit.Version : commit.Version - 1, cancellation)).Metadata;
        }
        catch (DeltaException)
        {
            return null;
        }
    }

    private async ValueTask<long> NextCheckpoint(long from, CancellationToken cancellation)
    {
        var segment = await LogSegment.List(log, from, cancellation);
        var listed = segment.Versions.Where(version => segment.CheckpointsOf(version).Count > 0).Select(version => (long?)version);
        return Math.Min(listed.FirstOrDefault() ?? long.MaxValue, from + CommitsBetweenLooks);
    }
}
