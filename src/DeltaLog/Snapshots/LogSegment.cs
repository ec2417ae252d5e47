namespace Latecomer.DeltaLog;

/// <summary>The files of a log that make versions, as one listing showed them.</summary>
internal sealed class LogSegment
{
    private readonly string _location;
    private readonly SortedSet<long> _commits;
    private readonly SortedSet<long> _checkpoints;

    private LogSegment(string location, SortedSet<long> commits, SortedSet<long> checkpoints)
    {
        _location = location;
        _commits = commits;
        _checkpoints = checkpoints;
    }

    /// <summary>The newest version that a file stands for.</summary>
    internal long Latest => Math.Max(_commits.Count == 0 ? -1 : _commits.Max, _checkpoints.Count == 0 ? -1 : _checkpoints.Max);

    /// <summary>The oldest version whose commit is there; null when there are no commits.</summary>
    internal long? OldestCommit => _commits.Count == 0 ? null : _commits.Min;

    /// <summary>The oldest commit at or after a version; null when there is none.</summary>
    internal long? FirstCommitFrom(long version)
    {
        foreach (var commit in _commits.GetViewBetween(version, long.MaxValue))
        {
            return commit;
        }

        return null;
    }

    /// <summary>Lists the files of versions from <paramref name="from"/> on.</summary>
    /// <exception cref="DeltaException">There is no log, or the whole of it was listed and makes no version.</exception>
    internal static async ValueTask<LogSegment> List(ILogStore log, long from, CancellationToken cancellation)
    {
        var commits = new SortedSet<long>();
        var checkpoints = new SortedSet<long>();
        var parts = new Dictionary<(long Version, int Parts), HashSet<int>>();
        await foreach (var name in log.List(from == 0 ? "" : LogFile.FirstNameOf(from), cancellation))
        {
            switch (LogFile.Parse(name))
            {
                case LogFile.Commit commit:
                    commits.Add(commit.Version);
                    break;
                case LogFile.Checkpoint { Kind: CheckpointKind.Multipart } part:
                    var seen = parts.TryGetValue((part.Version, part.Parts), out var known) ? known : parts[(part.Version, part.Parts)] = [];
                    seen.Add(part.Part);
                    if (seen.Count == part.Parts)
                    {
                        checkpoints.Add(part.Version);
                    }

                    break;
                case LogFile.Checkpoint checkpoint:
                    checkpoints.Add(checkpoint.Version);
                    break;
                default:
                    break;
            }
        }

        return from == 0 && commits.Count == 0 && checkpoints.Count == 0
            ? throw new DeltaException(
                DeltaErrorClass.TableNotFound,
                $"no Delta table at {log.Location}: its _delta_log folder holds neither commits nor complete checkpoints")
            : new LogSegment(log.Location, commits, checkpoints);
    }

    /// <summary>Checks that commits 0..<paramref name="version"/> are all there. A commit that the listing missed, because it was put
    /// while the listing ran, is asked for by name before it is called missing.</summary>
    internal async ValueTask RequireCommitsUpTo(long version, ILogStore log, CancellationToken cancellation)
    {
        if (version > Latest)
        {
            throw new DeltaException(DeltaErrorClass.VersionNotFound, $"{_location}: there is no version {version}; the latest is {Latest}");
        }

        var expected = 0L;
        foreach (var present in _commits.GetViewBetween(0, version).Append(version + 1).ToArray())
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

    private DeltaException Missing(long missing, long version)
    {
        if (_checkpoints.Count > 0)
        {
            return new DeltaException(
                DeltaErrorClass.VersionNotReachable,
                $"{_location}: commit {missing} is gone, so version {version} needs a checkpoint, which this build does not read yet");
        }

        return missing == 0 || version != Latest
            ? new DeltaException(DeltaErrorClass.VersionNotReachable, $"{_location}: version {version} cannot be rebuilt: commit {missing} is missing")
            : new DeltaException(
                DeltaErrorClass.VersionsNotContiguous,
                $"{_location}: the log has a gap: commit {missing} is missing below version {version}; restore the file or recreate the table");
    }
}
