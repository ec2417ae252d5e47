using System.Runtime.CompilerServices;

namespace Latecomer.DeltaLog;

/// <summary>Reads a run of commits, several at a time and some ahead, and gives them in order: opening and parsing many small files is work for every
/// core, putting them together is not. Holds a few hundred commits, however long the run.</summary>
internal static class CommitsAhead
{
    private const int MostAtOnce = 8;
    private const int CommitsAtATime = 64;

    /// <summary>Reads commits <paramref name="first"/>..<paramref name="last"/>.</summary>
    /// <exception cref="DeltaException">A commit is broken, or went away.</exception>
    internal static async IAsyncEnumerable<Commit> Read(
        ILogStore log, long first, long last, ActionDetail detail, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // A cache is for one reader at a time: it is taken again when the commits that were read with it have been given.
        var caches = new PartitionValuesCache[Math.Clamp(Environment.ProcessorCount, 1, MostAtOnce)];
        var ahead = new Queue<Task<List<Commit>>>();
        var begun = 0;
        try
        {
            while (true)
            {
                for (; ahead.Count < caches.Length && first <= last; first += CommitsAtATime)
                {
                    var (from, to) = (first, Math.Min(last, first + CommitsAtATime - 1));
                    var partitions = caches[begun++ % caches.Length] ??= new();
                    ahead.Enqueue(Task.Run(() => ReadRun(log, from, to, detail, partitions, cancellation), cancellation));
                }

                if (ahead.Count == 0)
                {
                    yield break;
                }

                foreach (var commit in await ahead.Dequeue())
                {
                    yield return commit;
                }
            }
        }
        finally
        {
            foreach (var read in ahead)
            {
                await ((Task)read).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static async Task<List<Commit>> ReadRun(
        ILogStore log, long from, long to, ActionDetail detail, PartitionValuesCache partitions, CancellationToken cancellation)
    {
        var commits = new List<Commit>((int)(to - from + 1));
        for (var version = from; version <= to; version++)
        {
            cancellation.ThrowIfCancellationRequested();
            commits.Add(await CommitReader.TryRead(log, version, detail, cancellation, partitions)
                ?? throw new DeltaException(DeltaErrorClass.VersionNotReachable, $"{log.Location}: commit {version} went away while the log was read"));
        }

        return commits;
    }
}
