namespace Latecomer.DeltaLog;

/// <summary>The files of a log that make versions, as one listing showed them.</summary>
internal sealed class LogSegment
{
    private readonly string _location;
    private readonly CommitVersions _commits = new();
    private readonly CheckpointListing _checkpoints = new();
    private readonly List<LogFile.Compaction> _compactions = [];

    private LogSegment(string location) => _location = location;

    /// <summary>The newest version that a file stands for; -1 when none does.</summary>
    internal long Latest => Math.Max(_commits.Newest, NewestCheckpoint);

    /// <summary>The newest version with a complete checkpoint; -1 when there is none.</summary>
    internal long NewestCheckpoint { get; private set; } = -1;

    /// <summary>The oldest version whose commit is there; null when there are no commits.</summary>
    internal long? OldestCommit => _commits.Oldest;

    /// <summary>The versions of the commits in order.</summary>
    internal IReadOnlyCollection<long> Commits => _commits;

    /// <summary>The versions that a commit or a complete checkpoint stands for, in order.</summary>
    internal IReadOnlyList<long> Versions => [.. _commits.Union(_checkpoints.Complete.Keys).Order()];

    /// <summary>Lists the files of versions from <paramref name="from"/> on.</summary>
    /// <exception cref="DeltaException">There is no log, or the whole of it was listed and makes no version.</exception>
    internal static async ValueTask<LogSegment> List(ILogStore log, long from, CancellationToken cancellation)
    {
        var segment = new LogSegment(log.Location);
        await foreach (var name in log.List(from == 0 ? "" : LogFile.FirstNameOf(from), cancellation))
        {
            segment.Add(LogFile.Parse(name));
        }

        return from == 0 && segment.Latest < 0
            ? throw new DeltaException(
                DeltaErrorClass.TableNotFound,
                $"no Delta table at {log.Location}: its _delta_log folder holds neither commits nor complete checkpoints")
            : segment;
    }

    /// <summary>Lists what the latest version needs: from the checkpoint on that the log's hint names, if it is there, else everything.</summary>
    internal static async ValueTask<LogSegment> ListForLatest(ILogStore log, CancellationToken cancellation)
    {
        if (await LastCheckpoint.TryReadVersion(log, cancellation) is > 0 and { } hint)
        {
            var tail = await List(log, hint, cancellation);
            if (tail.NewestCheckpoint >= hint)
            {
                return tail;
            }
        }

        return await List(log, from: 0, cancellation);
    }

    internal bool HasCommit(long version) => _commits.Contains(version);

    /// <summary>The commits that end at or before a version without a gap; empty (first above last) when there are none.</summary>
    internal (long First, long Last) LastRun(long upTo) => _commits.LastRun(upTo);

    /// <summary>The first of the commits <paramref name="first"/>..<paramref name="last"/>, which have no gap, whose version can be rebuilt; null when none can.</summary>
    internal long? FirstRebuilt(long first, long last)
    {
        if (first == 0)
        {
            return 0;
        }

        var checkpoint = _checkpoints.Complete.Keys.FirstOrDefault(version => version >= first - 1 && version <= last, -1);
        return checkpoint < 0 ? null : Math.Max(first, checkpoint);
    }

    /// <summary>The complete checkpoints up to a version, newest first.</summary>
    internal IEnumerable<CheckpointFiles> CheckpointsUpTo(long version) =>
        _checkpoints.Complete.Where(pair => pair.Key <= version).Reverse().SelectMany(pair => pair.Value);

    /// <summary>The complete checkpoints of exactly a version.</summary>
    internal IReadOnlyList<CheckpointFiles> CheckpointsOf(long version) =>
        _checkpoints.Complete.TryGetValue(version, out var checkpoints) ? checkpoints : [];

    /// <summary>The compaction file that begins with a commit and reaches furthest without passing a version; null when there is none.</summary>
    internal LogFile.Compaction? CompactionFrom(long from, long upTo) =>
        _compactions.Where(file => file.From == from && file.To <= upTo && file.To > from).MaxBy(file => file.To);

    /// <summary>The first version after <paramref name="version"/> that a compaction file begins with; null when there is none.</summary>
    internal long? NextCompactionAfter(long version) =>
        _compactions.Where(file => file.From > version).Select(file => (long?)file.From).Min();

    /// <summary>Whether another listing showed the same files.</summary>
    internal bool IsSameAs(LogSegment other) => _commits.SequenceEqual(other._commits) && Versions.SequenceEqual(other.Versions);

    /// <summary>Checks that commits <paramref name="from"/>..<paramref name="version"/> are all there. A commit that the listing missed, because it was
    /// put while the listing ran, is asked for by name before it is called missing.</summary>
    internal async ValueTask RequireCommits(long from, long version, ILogStore log, CancellationToken cancellation)
    {
        var expected = from;
        if (from > version)
        {
            return;
        }

        foreach (var present in _commits.Between(from, version).Append(version + 1))
        {
            for (; expected < present; expected++)
            {
                if (await log.TryStat(LogFile.CommitName(expected), cancellation) is null)
                {
                    throw Missing(expected, version);
                }
            }

            expected = present + 1;
        }
    }

    private DeltaException Missing(long missing, long version) => version == Latest
        ? new DeltaException(
            DeltaErrorClass.VersionsNotContiguous,
            $"{_location}: the log has a gap: commit {missing} is missing below version {version}; restore the file or recreate the table")
        : new DeltaException(DeltaErrorClass.VersionNotReachable, $"{_location}: version {version} cannot be rebuilt: commit {missing} is missing");

    private void Add(LogFile file)
    {
        switch (file)
        {
            case LogFile.Commit commit:
                _commits.Add(commit.Version);
                break;
            case LogFile.Checkpoint checkpoint:
                _checkpoints.Add(checkpoint);
                NewestCheckpoint = Math.Max(NewestCheckpoint, _checkpoints.Complete.ContainsKey(checkpoint.Version) ? checkpoint.Version : -1);
                break;
            case LogFile.Compaction compaction:
                _compactions.Add(compaction);
                break;
            case LogFile.Other:
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }
}
