namespace Latecomer.DeltaLog;

/// <summary>Follows a table's log by version. Guarantees that the commits which it returns are those after the given position, in order, each
/// once and none left out, and that they belong to the table of that position; else it says why it stopped. Cost follows the new
/// commits, never the length of the log, but for what <see cref="RemoveDetail"/> tells. Not for concurrent use.</summary>
public sealed class LogFollower
{
    private const int LookAhead = 4;
    private static readonly TimeSpan RecheckInterval = TimeSpan.FromMinutes(1);

    private readonly ILogStore _log;
    private readonly TimeProvider _time;
    private readonly TimeSpan _pollInterval;
    private readonly PriorState _prior;
    private (long Version, DateTimeOffset At) _endSeen = (-1, DateTimeOffset.MinValue);

    /// <summary>Creates a follower. <paramref name="pollInterval"/> is how often <see cref="WaitForGrowth"/> looks: 200 ms unless said otherwise;
    /// <paramref name="removes"/> is what it looks up of removed files.</summary>
    public LogFollower(ILogStore log, TimeProvider? time = null, TimeSpan? pollInterval = null, RemoveDetail removes = RemoveDetail.Partition)
    {
        _log = log;
        _time = time ?? TimeProvider.System;
        _pollInterval = pollInterval ?? TimeSpan.FromMilliseconds(200);
        _prior = new PriorState(log, removes);
    }

    /// <summary>Where to begin so as to see all commits that are left: before the oldest of those that end the log without a gap.</summary>
    /// <exception cref="DeltaException">There is no table.</exception>
    public async ValueTask<LogPosition> FindOldest(CancellationToken cancellation = default)
    {
        var segment = await LogSegment.List(_log, from: 0, cancellation);
        var (first, last) = segment.LastRun(segment.Latest);
        return new LogPosition(first > last ? segment.Latest : first - 1);
    }

    /// <summary>Reads up to <paramref name="limit"/> commits after a version whose table is not known.</summary>
    public ValueTask<FollowResult> ReadAfter(long version, int limit, CancellationToken cancellation = default) =>
        ReadAfter(new LogPosition(version), limit, cancellation);

    /// <summary>Reads up to <paramref name="limit"/> commits after a position. What comes before a broken commit is returned first; the next call stops.</summary>
    public async ValueTask<FollowResult> ReadAfter(LogPosition after, int limit, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        var changes = new List<CommitChanges>();
        try
        {
            var at = after;
            while (changes.Count < limit)
            {
                if (await ReadNext(at, cancellation) is not { } next)
                {
                    return changes.Count == 0 ? await AtEnd(after, cancellation) : await Page(after, changes, moreExist: false, cancellation);
                }

                if (Refusal(at, next) is { } refusal)
                {
                    return changes.Count == 0
                        ? await AnotherTable(after, cancellation) ?? refusal
                        : await Page(after, changes, moreExist: true, cancellation);
                }

                changes.Add(next);
                at = next.Position;
            }

            return await Page(after, changes, await Exists(at.Version + 1, cancellation), cancellation);
        }
        catch (DeltaException error)
        {
            return changes.Count == 0 ? Stop(error, after.Version + 1) : await Page(after, changes, moreExist: true, cancellation);
        }
    }

    /// <summary>Waits until <see cref="ReadAfter(LogPosition, int, CancellationToken)"/> may have something to say after a version: a newer one is there, the
    /// version itself went away, or a minute has passed, after which the log deserves a look at large. Asks for two files by name at each poll,
    /// whatever the length of the log, and needs no notification from the store.</summary>
    public async Task WaitForGrowth(long afterVersion, CancellationToken cancellation)
    {
        var began = _time.GetTimestamp();
        while (!await Exists(afterVersion + 1, cancellation)
            && (afterVersion < 0 || await Exists(afterVersion, cancellation))
            && _time.GetElapsedTime(began) < RecheckInterval)
        {
            await Task.Delay(_pollInterval, _time, cancellation);
        }
    }

    /// <summary>A page of one table. Its beginning is looked at again after its end was read, so that a table that was recreated in between shows.</summary>
    private async ValueTask<FollowResult> Page(LogPosition after, List<CommitChanges> changes, bool moreExist, CancellationToken cancellation)
    {
        var another = await AnotherTable(after, cancellation)
            ?? (changes.Count > 1 ? await AnotherTable(changes[0].Position, cancellation) : null);
        return another is null ? new FollowResult.Commits(changes, moreExist) : another;
    }

    private async ValueTask<CommitChanges?> ReadNext(LogPosition at, CancellationToken cancellation)
    {
        if (await CommitReader.TryReadWithFingerprint(_log, at.Version + 1, ActionDetail.Counts, cancellation) is not { } commit)
        {
            return null;
        }

        var changes = await _prior.Summarize(commit, at, cancellation);
        if (changes.CommitTime is not null)
        {
            return changes;
        }

        var status = await _log.TryStat(LogFile.CommitName(commit.Version), cancellation);
        return changes with { CommitTime = status?.LastModified };
    }

    private async ValueTask<FollowResult> AtEnd(LogPosition after, CancellationToken cancellation)
    {
        var present = after.Version < 0 || await Exists(after.Version, cancellation);
        for (var version = after.Version + 2; present && version <= after.Version + LookAhead; version++)
        {
            present = !await Exists(version, cancellation);
        }

        // A listing costs the length of the log, so one that found nothing odd is trusted for a while, from its end on.
        var now = _time.GetUtcNow();
        if (!present || after.Version < _endSeen.Version || now - _endSeen.At >= RecheckInterval)
        {
            var segment = await LogSegment.List(_log, from: 0, cancellation);
            if (!await Exists(after.Version + 1, cancellation) && Diagnose(after, segment) is { } stopped)
            {
                return await AnotherTable(after, cancellation) ?? stopped;
            }

            _endSeen = (after.Version, now);
        }

        if (await AnotherTable(after, cancellation) is { } another)
        {
            return another;
        }

        return new FollowResult.Commits([], MoreExist: await Exists(after.Version + 1, cancellation));
    }

    private FollowResult.Stopped? Diagnose(LogPosition after, LogSegment segment)
    {
        var next = after.Version + 1;
        if (segment.Latest < after.Version)
        {
            return Stop(FollowStop.WentBack, DeltaErrorClass.VersionNotFound, segment.Latest, $"the log ends at version {segment.Latest}, before version {after.Version} that was seen already: the table was restored or recreated");
        }

        if (segment.Latest == after.Version)
        {
            return null;
        }

        return segment.OldestCommit is { } oldest && oldest < next
            ? Stop(FollowStop.Gap, DeltaErrorClass.VersionsNotContiguous, next, $"commit {next} is missing, and version {segment.Latest} is there: restore the file, or start again from a snapshot")
            : Stop(FollowStop.CleanedUp, DeltaErrorClass.VersionNotReachable, next, $"commit {next} was cleaned up before it was read; the oldest commit left is {segment.OldestCommit?.ToString() ?? "none"}: start again from a snapshot");
    }

    /// <summary>Notices that the version already seen is now another commit, or that the first commit names another table.</summary>
    private async ValueTask<FollowResult.Stopped?> AnotherTable(LogPosition after, CancellationToken cancellation)
    {
        if (after.Version < 0 || after is { Fingerprint: null, TableId: null })
        {
            return null;
        }

        var fingerprint = await CommitReader.TryFingerprint(_log, after.Version, cancellation);
        if (after.Fingerprint is not null && fingerprint == after.Fingerprint)
        {
            return null;
        }

        var first = await CommitReader.TryRead(_log, 0, ActionDetail.Counts, cancellation);
        var found = first?.Metadata?.Id;
        var replaced = fingerprint is not null && after.Fingerprint is not null;
        if (!replaced && (found is null || after.TableId is null || found == after.TableId))
        {
            return null;
        }

        return Stop(
            FollowStop.Recreated,
            DeltaErrorClass.VersionNotReachable,
            after.Version,
            $"the table was recreated: its id was {after.TableId ?? "not known"} at version {after.Version} and is {found ?? "not known"} now; start again from a snapshot");
    }

    private FollowResult.Stopped? Refusal(LogPosition at, CommitChanges next)
    {
        if (next.Metadata is { } metadata && at.TableId is { } id && metadata.Id != id)
        {
            return Stop(FollowStop.Recreated, DeltaErrorClass.VersionNotReachable, next.Version, $"version {next.Version} makes another table of it: its id was {id} and is {metadata.Id} now; start again from a snapshot");
        }

        return next.Protocol is { } protocol && ReaderSupport.ProtocolRefusal(_log.Location, next.Version, protocol) is { } refusal
            ? Stop(refusal, next.Version)
            : null;
    }

    private FollowResult.Stopped Stop(FollowStop reason, DeltaErrorClass errorClass, long version, string message) =>
        new(reason, errorClass, version, $"{_log.Location}: {message}");

    private static FollowResult.Stopped Stop(DeltaException error, long version) => new(
        error.Class switch
        {
            DeltaErrorClass.TableNotFound => FollowStop.NotFound,
            DeltaErrorClass.CorruptCommit or DeltaErrorClass.CorruptCheckpoint => FollowStop.Corrupt,
            _ => FollowStop.Unsupported,
        },
        error.Class,
        version,
        error.Message);

    private async ValueTask<bool> Exists(long version, CancellationToken cancellation) =>
        await _log.TryStat(LogFile.CommitName(version), cancellation) is not null;
}
