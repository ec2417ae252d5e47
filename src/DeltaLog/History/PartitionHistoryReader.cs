namespace Latecomer.DeltaLog;

/// <summary>Finds the last data change of each partition in one pass over the commits that end the log without a gap, several at a time. Holds O(partitions);
/// only a log whose removes leave their partition out needs the files as well.</summary>
internal static class PartitionHistoryReader
{
    private const int MostAtOnce = 8;

    /// <summary>Reads the commits of a listing up to the version of <paramref name="upTo"/>.</summary>
    internal static async Task<PartitionHistory> Read(ILogStore log, LogSegment segment, SnapshotState upTo, CancellationToken cancellation)
    {
        var (first, last) = segment.LastRun(upTo.Version);
        var pass = new HistoryPass();
        var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Clamp(Environment.ProcessorCount, 1, MostAtOnce), CancellationToken = cancellation };
        await Parallel.ForAsync(first, last + 1, options, async (version, token) => await Read(log, version, pass, token));
        first = Math.Max(first, pass.LastBroken + 1);
        if (pass.FirstUnresolved(first) is { } unresolved && !pass.TryPlaceWithoutPartitions(first, upTo.Metadata))
        {
            await Resolve(log, pass, unresolved, last, cancellation);
        }

        return await pass.Result(log, first > last ? null : first, cancellation);
    }

    private static async ValueTask Read(ILogStore log, long version, HistoryPass pass, CancellationToken cancellation)
    {
        try
        {
            if (await CommitReader.TryRead(log, version, ActionDetail.Counts, cancellation) is { } commit)
            {
                pass.Add(commit);
                return;
            }
        }
        catch (DeltaException)
        {
            // A later checkpoint stands in for it; what it changed is not known.
        }

        pass.Break(version);
    }

    private static async Task Resolve(ILogStore log, HistoryPass pass, long from, long last, CancellationToken cancellation)
    {
        var prior = new PriorState(log, RemoveDetail.Partition);
        var at = new LogPosition(from - 1);
        for (var version = from; version <= last; version++)
        {
            if (await CommitReader.TryRead(log, version, ActionDetail.Counts, cancellation) is not { } commit)
            {
                at = new LogPosition(version);
                continue;
            }

            var changes = await prior.Summarize(commit, at, cancellation);
            pass.Add(changes);
            at = changes.Position;
        }
    }
}
