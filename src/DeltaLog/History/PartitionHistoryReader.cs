namespace Latecomer.DeltaLog;

/// <summary>Finds the last data change of each partition in one pass over the commits that end the log without a gap, several at a time. Holds O(partitions);
/// only a log whose removes leave their partition out needs the files as well.</summary>
internal static class PartitionHistoryReader
{
    private const int MostAtOnce = 8;

    /// <summary>So many commits are one worker's turn: few enough to share the end of a log, enough to make taking turns cheap.</summary>
    private const int CommitsPerTurn = 128;

    /// <summary>Reads the commits of a log up to its latest version. Most logs still begin with their first commit, so reading begins there while the log is
    /// being listed.</summary>
    /// <exception cref="DeltaException">The table cannot be read; its class says why.</exception>
    internal static async Task<PartitionHistory> Read(ILogStore log, CancellationToken cancellation)
    {
        var pass = new HistoryPass();
        var listed = false;
        var readingAhead = Task.Run(ReadAhead, cancellation);
        LogSegment segment;
        try
        {
            segment = await LogSegment.List(log, from: 0, cancellation);
        }
        finally
        {
            Volatile.Write(ref listed, true);
            await ((Task)readingAhead).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        var next = await readingAhead;
        var (first, last) = segment.LastRun(segment.Latest);

        // What came while the log was listed belongs to a version that was not asked for, and hides what it replaced.
        return next > last + 1
            ? await Read(log, segment, segment.Latest, cancellation)
            : await Read(log, segment, segment.Latest, pass, first == 0 ? next : first, cancellation);

        async Task<long> ReadAhead()
        {
            var partitions = new PartitionValuesCache();
            var version = 0L;
            while (!Volatile.Read(ref listed) && await TryRead(log, version, pass, partitions, cancellation))
            {
                version++;
            }

            return version;
        }
    }

    /// <summary>Reads the commits of a listing up to a version.</summary>
    /// <exception cref="DeltaException">The table cannot be read; its class says why.</exception>
    internal static Task<PartitionHistory> Read(ILogStore log, LogSegment segment, long upTo, CancellationToken cancellation) =>
        Read(log, segment, upTo, new HistoryPass(), segment.LastRun(upTo).First, cancellation);

    private static async Task<PartitionHistory> Read(
        ILogStore log, LogSegment segment, long upTo, HistoryPass pass, long next, CancellationToken cancellation)
    {
        var (first, last) = segment.LastRun(upTo);
        var workers = Math.Clamp(Environment.ProcessorCount, 1, MostAtOnce);
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(ReadTurns, cancellation)));
        first = Math.Max(first, pass.LastBroken + 1);
        var metadata = await DefinitionOf(log, pass, first, upTo, cancellation);
        if (pass.FirstUnresolved(first) is { } unresolved && !pass.TryPlaceWithoutPartitions(first, metadata))
        {
            await Resolve(log, pass, unresolved, last, cancellation);
        }

        return await pass.Result(log, first > last ? null : first, cancellation);

        async Task ReadTurns()
        {
            var partitions = new PartitionValuesCache();
            long begin;
            while ((begin = Interlocked.Add(ref next, CommitsPerTurn) - CommitsPerTurn) <= last)
            {
                for (var version = begin; version <= Math.Min(last, begin + CommitsPerTurn - 1); version++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    if (!await TryRead(log, version, pass, partitions, cancellation))
                    {
                        pass.Break(version);
                    }
                }
            }
        }
    }

    /// <summary>What the table is in the end. The commits that were read tell it more often than not: a definition is long and mostly lies at the log's beginning.</summary>
    private static async ValueTask<Metadata> DefinitionOf(ILogStore log, HistoryPass pass, long first, long upTo, CancellationToken cancellation)
    {
        if (pass.ProtocolSince(first) is not { } protocol || pass.MetadataSince(first) is not { } metadata)
        {
            return (await DefinitionReader.Read(log, upTo, cancellation)).Metadata;
        }

        return ReaderSupport.Refusal(log.Location, upTo, protocol, metadata) is { } refusal ? throw refusal : metadata;
    }

    /// <summary>Takes a commit in; false when it is not there.</summary>
    private static async ValueTask<bool> TryRead(ILogStore log, long version, HistoryPass pass, PartitionValuesCache partitions, CancellationToken cancellation)
    {
        try
        {
            if (await CommitReader.TryRead(log, version, ActionDetail.Partitions, cancellation, partitions) is not { } commit)
            {
                return false;
            }

            pass.Add(commit);
        }
        catch (DeltaException)
        {
            // A later checkpoint stands in for it; what it changed is not known.
            pass.Break(version);
        }

        return true;
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
