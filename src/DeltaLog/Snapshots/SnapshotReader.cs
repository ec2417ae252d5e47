namespace Latecomer.DeltaLog;

/// <summary>Reads the table at a version, and refuses one whose protocol this build does not read.</summary>
internal static class SnapshotReader
{
    /// <summary>Reads a version; null: the latest.</summary>
    /// <exception cref="DeltaException">The table or the version cannot be read; its class says why.</exception>
    internal static async ValueTask<Snapshot> Read(ILogStore log, long? version, ActionDetail detail, CancellationToken cancellation) =>
        Checked(log, await StateReader.Read(log, version, detail, cancellation));

    /// <summary>Goes on from a snapshot to the newest version, by asking for one commit after the other: cost follows the new commits.</summary>
    internal static async ValueTask<Snapshot> Advance(ILogStore log, Snapshot from, ActionDetail detail, CancellationToken cancellation)
    {
        if (await log.TryStat(LogFile.CommitName(from.Version + 1), cancellation) is null)
        {
            return from;
        }

        var state = new SnapshotState(from.State);
        while (await CommitReader.TryReadWithFingerprint(log, state.Version + 1, detail, cancellation) is { } commit)
        {
            state.Apply(commit);
        }

        return Checked(log, state);
    }

    private static Snapshot Checked(ILogStore log, SnapshotState state) =>
        ReaderSupport.Refusal(log.Location, state.Version, state.Protocol, state.Metadata) is { } refusal
            ? throw refusal
            : new Snapshot(log.Location, state);
}
