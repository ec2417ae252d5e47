using System.Collections.Immutable;
using Latecomer.Actors;
using Latecomer.DeltaLog;

namespace Latecomer.Activities;

/// <summary>Where the reading of a log stands, between the activities that page through it. Guarantees that the end is only said after a look at the log
/// within the same read. What was fetched and not yet given out stays, so that a commit of many partitions is parsed once; and an end that was found
/// quiet once is confirmed by the names of the next commits, so that no listing of the whole log follows each new commit. Not for concurrent use.</summary>
internal sealed class CommitTail
{
    private const int FetchAtOnce = 16;

    /// <summary>A commit may be missing while one of so many after it is there: a gap.</summary>
    private const int LookAhead = 4;

    private readonly ILogStore _log;
    private readonly LogFollower _follower;
    private readonly Queue<CommitChanges> _ahead = [];
    private readonly LogCursor _start;
    private LogPosition _fetched;
    private LogPosition _givenOut;
    private LogFileStatus? _lastFile;
    private LogDefinition? _definition;
    private bool _isDefinitionRead;
    private int _offset;

    internal CommitTail(ILogStore log, TimeProvider time, LogCursor after, string? tableId)
    {
        _log = log;
        _follower = new LogFollower(log, time);
        _start = after;
        _givenOut = _fetched = new LogPosition(after.Version, tableId, after.Fingerprint);
        _offset = after.Offset;
    }

    private LogCursor Cursor => new(_givenOut.Version, _offset, _givenOut.Fingerprint);

    /// <summary>Whether this is where a read would go on.</summary>
    internal bool IsAt(LogCursor cursor, string? tableId) => Cursor == cursor && _fetched.TableId == tableId;

    /// <summary>Reads on: until the end, a problem, or so many partitions' changes; a commit without any counts as one.</summary>
    internal async Task<CommitsRead> Read(int limit, CancellationToken cancellation)
    {
        var commits = ImmutableArray.CreateBuilder<CommitSeen>();
        TableProblem? problem = null;
        var atEnd = false;
        while (limit > 0 && !atEnd && problem is null)
        {
            if (_ahead.Count > 0)
            {
                limit -= Take(commits, limit);
            }
            else
            {
                (atEnd, problem) = await Fetch(cancellation);
            }
        }

        return _fetched.TableId is null && problem is null
            ? new CommitsRead(TableId: null, [], _start, AtEnd: false, new TableProblem(
                nameof(DeltaErrorClass.MissingMetadata),
                $"{_log.Location}: the log up to version {_fetched.Version} has no metaData action, so nothing tells which table this is; recreate the table"))
            : new CommitsRead(_fetched.TableId, commits.DrainToImmutable(), Cursor, atEnd, problem);
    }

    private int Take(ImmutableArray<CommitSeen>.Builder commits, int limit)
    {
        var commit = _ahead.Peek();
        var changes = SeenCommits.ChangesOf(commit, _definition?.Mapping ?? ColumnMapping.None);
        var from = Math.Min(_offset, changes.Length);
        var count = Math.Min(limit, changes.Length - from);
        commits.Add(SeenCommits.Of(commit, changes.Slice(from, count)));
        if (from + count == changes.Length)
        {
            _givenOut = _ahead.Dequeue().Position;
            _offset = 0;
        }
        else
        {
            _offset = from + count;
        }

        return Math.Max(1, count);
    }

    private async ValueTask<(bool AtEnd, TableProblem? Problem)> Fetch(CancellationToken cancellation)
    {
        if (await IsQuietEnd(cancellation))
        {
            return EndFound();
        }

        switch (await _follower.ReadAfter(_fetched, FetchAtOnce, cancellation))
        {
            case FollowResult.Stopped stopped:
                return (false, SeenCommits.ProblemOf(stopped));
            case FollowResult.Commits { Changes: [.., var last] } page:
                await Define(page.Changes, cancellation);
                page.Changes.ToList().ForEach(_ahead.Enqueue);
                _fetched = last.Position;
                _lastFile = await Status(last.Version, cancellation);
                return (false, null);
            case FollowResult.Commits { MoreExist: true }:
                return (false, null);
            default:
                _lastFile = await Status(_fetched.Version, cancellation);
                return EndFound();
        }
    }

    /// <summary>The end; but not if a part of the next commit was given out already.</summary>
    private (bool AtEnd, TableProblem? Problem) EndFound() => _offset == 0
        ? (true, null)
        : (false, new TableProblem(
            nameof(FollowStop.WentBack),
            $"{_log.Location}: commit {_fetched.Version + 1} went away after {_offset} of its partitions were read; restore the file, or start again from a snapshot"));

    private async ValueTask<bool> IsQuietEnd(CancellationToken cancellation)
    {
        var version = _fetched.Version;
        if (_lastFile is null || await Status(version + 1, cancellation) is not null || await Status(version, cancellation) != _lastFile)
        {
            return false;
        }

        for (var beyond = 2; beyond <= LookAhead; beyond++)
        {
            if (await Status(version + beyond, cancellation) is not null)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Keeps the newest definition of the table: a pipeline names a partition column as it is called now, whatever it was called when the commit was made.</summary>
    private async ValueTask Define(IReadOnlyList<CommitChanges> commits, CancellationToken cancellation)
    {
        if (!_isDefinitionRead)
        {
            _definition = await TryReadDefinition(version: null, cancellation) ?? await TryReadDefinition(commits[^1].Version, cancellation);
            _isDefinitionRead = true;
        }

        foreach (var commit in commits)
        {
            _definition = _definition?.After(commit) ?? LogDefinition.Of(commit);
        }
    }

    private async ValueTask<LogDefinition?> TryReadDefinition(long? version, CancellationToken cancellation)
    {
        try
        {
            return await LogDefinition.Read(_log, version, cancellation);
        }
        catch (DeltaException)
        {
            // What is broken further on stops the follower once it gets there.
            return null;
        }
    }

    private async ValueTask<LogFileStatus?> Status(long version, CancellationToken cancellation) =>
        version < 0 ? null : await _log.TryStat(LogFile.CommitName(version), cancellation);
}
