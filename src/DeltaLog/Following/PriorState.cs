namespace Latecomer.DeltaLog;

/// <summary>The state before the commit that is followed, rebuilt only for a commit that cannot be understood without it: one that removes
/// files and does not say of which partition.</summary>
internal sealed class PriorState(ILogStore log)
{
    private SnapshotState? _state;
    private Metadata? _metadata;

    internal async ValueTask<CommitChanges> Summarize(Commit commit, string? tableId, CancellationToken cancellation)
    {
        var changes = CommitChanges.Of(commit, before: null, tableId, _metadata);
        if (changes.UnknownPartition is not null && await StateAt(commit.Version - 1, cancellation) is { } before)
        {
            _metadata = before.Metadata;
            changes = CommitChanges.Of(commit, before, tableId);
        }

        _metadata = commit.Metadata ?? _metadata;
        return changes;
    }

    private async ValueTask<SnapshotState?> StateAt(long version, CancellationToken cancellation)
    {
        try
        {
            // Going on is cheaper than rebuilding only over few commits, and only where none of them was cleaned up.
            while (_state is not null && _state.Version < version && await CommitReader.TryRead(log, _state.Version + 1, ActionDetail.Counts, cancellation) is { } next)
            {
                _state.Apply(next);
            }

            if (_state?.Version != version)
            {
                _state = await StateReader.Read(log, version, ActionDetail.Counts, cancellation);
            }

            return _state;
        }
        catch (DeltaException)
        {
            // Older log files are gone: the removes stay unknown, and say so.
            _state = null;
            return null;
        }
    }
}
