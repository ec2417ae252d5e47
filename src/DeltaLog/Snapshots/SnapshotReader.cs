namespace Latecomer.DeltaLog;

/// <summary>Rebuilds a table's state from its log.</summary>
internal static class SnapshotReader
{
    /// <summary>Reads a version (null: the latest), going on from an earlier state of the same table where that helps.</summary>
    /// <exception cref="DeltaException">The table or the version cannot be read; its class says why.</exception>
    internal static async ValueTask<Snapshot> Read(ILogStore log, long? version, ActionDetail detail, CancellationToken cancellation)
    {
        var segment = await LogSegment.List(log, from: 0, cancellation);
        var target = version ?? segment.Latest;
        await segment.RequireCommitsUpTo(target, log, cancellation);
        var state = new SnapshotState();
        while (state.Version < target)
        {
            await ApplyNext(log, state, detail, required: true, cancellation);
        }

        return Checked(log, state);
    }

    /// <summary>Goes on from a snapshot to the newest version, by asking for one commit after the other: cost follows the new commits.</summary>
    internal static async ValueTask<Snapshot> Advance(ILogStore log, Snapshot from, ActionDetail detail, CancellationToken cancellation)
    {
        if (await log.TryStat(LogFile.CommitName(from.Version + 1), cancellation) is null)
        {
            return from;
        }

        var state = new SnapshotState(from.State);
        while (await ApplyNext(log, state, detail, required: false, cancellation))
        {
        }

        return Checked(log, state);
    }

    internal static async ValueTask<bool> ApplyNext(ILogStore log, SnapshotState state, ActionDetail detail, bool required, CancellationToken cancellation)
    {
        var next = state.Version + 1;
        if (await CommitReader.TryRead(log, next, detail, cancellation) is { } commit)
        {
            state.Apply(commit);
            return true;
        }

        return required
            ? throw new DeltaException(DeltaErrorClass.VersionNotReachable, $"{log.Location}: commit {next} went away while the log was read")
            : false;
    }

    private static Snapshot Checked(ILogStore log, SnapshotState state) =>
        ReaderSupport.Refusal(log.Location, state.Version, state.Protocol, state.Metadata) is { } refusal
            ? throw refusal
            : new Snapshot(log.Location, state);
}
