namespace Latecomer.DeltaLog;

/// <summary>Rebuilds a table's state: the newest checkpoint that can be read, and the commits after it (PROTOCOL.md, "Action Reconciliation"). A checkpoint
/// that is broken is passed over for an older one. What goes away while this reads, because the log is being cleaned up, makes it look again.</summary>
internal static class StateReader
{
    private const int MostLooks = 5;

    /// <summary>Reads the state at a version (null: the latest), whatever its protocol asks for.</summary>
    /// <exception cref="DeltaException">The table or the version cannot be rebuilt; its class says why.</exception>
    internal static async ValueTask<SnapshotState> Read(ILogStore log, long? version, ActionDetail detail, CancellationToken cancellation)
    {
        var segment = version is null ? await LogSegment.ListForLatest(log, cancellation) : await LogSegment.List(log, from: 0, cancellation);
        for (var look = 1; ; look++)
        {
            try
            {
                return await Read(log, segment, version ?? segment.Latest, detail, cancellation);
            }
            catch (DeltaException error) when (IsOfMissingFiles(error.Class) && look < MostLooks)
            {
                var again = await LogSegment.List(log, from: 0, cancellation);
                if (again.IsSameAs(segment))
                {
                    throw;
                }

                segment = again;
            }
        }
    }

    /// <summary>Reads the state at a version from the files of a listing.</summary>
    internal static async ValueTask<SnapshotState> Read(ILogStore log, LogSegment segment, long version, ActionDetail detail, CancellationToken cancellation)
    {
        if (version > segment.Latest)
        {
            throw new DeltaException(DeltaErrorClass.VersionNotFound, $"{log.Location}: there is no version {version}; the latest is {segment.Latest}");
        }

        var state = await ReadBase(log, segment, version, detail, cancellation);
        await segment.RequireCommits(state.Version + 1, version, log, cancellation);
        await Replay(log, segment, state, version, detail, cancellation);
        if (state.Fingerprint is null)
        {
            state.MoveTo(version, await CommitReader.TryFingerprint(log, version, cancellation));
        }

        return state;
    }

    private static bool IsOfMissingFiles(DeltaErrorClass errorClass) =>
        errorClass is DeltaErrorClass.VersionNotReachable or DeltaErrorClass.VersionsNotContiguous or DeltaErrorClass.CorruptCheckpoint;

    private static async ValueTask<SnapshotState> ReadBase(ILogStore log, LogSegment segment, long version, ActionDetail detail, CancellationToken cancellation)
    {
        DeltaException? broken = null;
        foreach (var checkpoint in segment.CheckpointsUpTo(version))
        {
            try
            {
                return await CheckpointReader.Read(log, checkpoint, detail, cancellation);
            }
            catch (DeltaException error) when (error.Class == DeltaErrorClass.CorruptCheckpoint)
            {
                broken ??= error;
            }
        }

        if (!segment.HasCommit(0))
        {
            throw broken ?? new DeltaException(
                DeltaErrorClass.VersionNotReachable,
                $"{log.Location}: version {version} cannot be rebuilt: commit 0 is gone, and no complete checkpoint holds that version or an earlier one");
        }

        return SnapshotState.Keeping(detail);
    }

    private static async ValueTask Replay(ILogStore log, LogSegment segment, SnapshotState state, long version, ActionDetail detail, CancellationToken cancellation)
    {
        while (state.Version < version)
        {
            var next = state.Version + 1;
            if (segment.CompactionFrom(next, version) is { } compaction && await TryApply(log, state, compaction, detail, cancellation))
            {
                continue;
            }

            var last = segment.NextCompactionAfter(next) is { } begin ? Math.Min(begin - 1, version) : version;
            await foreach (var commit in CommitsAhead.Read(log, next, last, detail, cancellation))
            {
                state.Apply(commit);
            }
        }
    }

    /// <summary>Takes a compaction file over in place of its commits; false when it is gone or not to be trusted, for the commits say the same.</summary>
    private static async ValueTask<bool> TryApply(ILogStore log, SnapshotState state, LogFile.Compaction compaction, ActionDetail detail, CancellationToken cancellation)
    {
        if (await CompactionReader.TryRead(log, compaction, detail, cancellation) is not { } actions)
        {
            return false;
        }

        foreach (var action in actions)
        {
            state.Apply(action, version: null);
        }

        state.MoveTo(compaction.To, fingerprint: null);
        return true;
    }
}
