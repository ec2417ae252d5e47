namespace Latecomer.DeltaLog;

/// <summary>Finds the version of a table that was current at an instant. What goes away while this reads, because the log is being cleaned up, makes it look again.</summary>
internal static class InstantReader
{
    private const int MostLooks = 5;

    /// <exception cref="DeltaException">No version that can be rebuilt was current then, or the log does not tell; the message names the range.</exception>
    internal static async ValueTask<long> FindVersion(ILogStore log, DateTimeOffset instant, CancellationToken cancellation)
    {
        var segment = await LogSegment.List(log, from: 0, cancellation);
        for (var look = 1; ; look++)
        {
            try
            {
                return await FindVersion(log, segment, instant, cancellation);
            }
            catch (DeltaException error) when (error.Class == DeltaErrorClass.VersionNotReachable && look < MostLooks)
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

    private static async ValueTask<long> FindVersion(ILogStore log, LogSegment segment, DateTimeOffset instant, CancellationToken cancellation)
    {
        var (first, last) = segment.LastRun(segment.Latest);
        if (last < segment.Latest)
        {
            throw new DeltaException(
                DeltaErrorClass.VersionNotReachable,
                $"{log.Location}: the time of version {segment.Latest}, the latest, is not known: its commit is gone, and a checkpoint has no time. Ask for a version instead");
        }

        var definition = await LogDefinition.Read(log, last, cancellation);
        var earliest = segment.FirstRebuilt(first, last) ?? throw new DeltaException(
            DeltaErrorClass.VersionNotReachable,
            $"{log.Location}: no version from commit {first} on can be rebuilt: commit 0 is gone, and there is no complete checkpoint");
        return await new CommitTimeline(log, earliest, last, InCommitTimestamps.Of(log.Location, definition)).Find(instant, cancellation);
    }
}
