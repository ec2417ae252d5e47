using System.Collections.Immutable;
using Latecomer.Actors;

namespace Latecomer.Tests.Testing.Actors;

/// <summary>A table for tests of actors: its commits, and what the activities that read a log would say of it.</summary>
public sealed class FakeTable(string column, string id = "table-1")
{
    private readonly List<CommitSeen> _commits = [];

    public long Version => _commits.Count - 1;

    public TableProblem? Problem { get; set; }

    public void Commit(params string?[] values) => Commit(dataChange: true, values);

    public void Commit(bool dataChange, params string?[] values) => _commits.Add(new CommitSeen(
        Version + 1, DateTimeOffset.UnixEpoch.AddSeconds(Version + 1), Pipeline: null, Run: null,
        [.. values.Select(v => new PartitionSeen(Partition(v), 1, 0, 100, 1000, dataChange))]));

    public CommitsRead Read(ReadCommits read)
    {
        var commits = ImmutableArray.CreateBuilder<CommitSeen>();
        var cursor = read.After;
        var room = read.Limit;
        while (room > 0 && cursor.Version < Version)
        {
            var commit = _commits[(int)cursor.Version + 1];
            var part = commit.Changes.Skip(cursor.Offset).Take(room).ToImmutableArray();
            room -= Math.Max(1, part.Length);
            commits.Add(commit with { Changes = part });
            var through = cursor.Offset + part.Length;
            cursor = through >= commit.Changes.Length ? new LogCursor(commit.Version, 0) : cursor with { Offset = through };
        }

        return new CommitsRead(id, commits.ToImmutable(), cursor, cursor.Version == Version, Problem);
    }

    public BaselineRead Read(ReadBaseline read)
    {
        var version = read.Version ?? Version;
        var all = _commits.Take((int)version + 1).SelectMany(c => c.Changes.Select(p => (Commit: c, Change: p)))
            .GroupBy(c => c.Change.Values[column], StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new PartitionBaseline(
                Partition(g.Key), g.Sum(c => c.Change.FilesAdded), g.Sum(c => c.Change.Rows),
                g.Where(c => c.Change.DataChange).Select(c => c.Commit.Version).DefaultIfEmpty(0).Max(), g.Last().Commit.At))
            .ToList();
        var page = all.Skip(read.Offset).Take(read.Limit).ToImmutableArray();
        return new BaselineRead(id, version, page, read.Offset + page.Length >= all.Count, Problem);
    }

    private ImmutableSortedDictionary<string, string?> Partition(string? value) =>
        ImmutableSortedDictionary<string, string?>.Empty.Add(column, value);
}
