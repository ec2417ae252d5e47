using System.Collections.Immutable;
using Latecomer.Actors;
using Latecomer.Contracts;

namespace Latecomer.Tests.Simulation;

/// <summary>A Delta table as the world has it: its commits, and what its partitions hold.</summary>
internal sealed class SimulatedTable(TablePath path, string id)
{
    private readonly List<CommitSeen> _commits = [];
    private readonly Dictionary<string, int> _files = new(StringComparer.Ordinal);
    private readonly HashSet<string> _everHeldData = new(StringComparer.Ordinal);

    public TablePath Path => path;

    public string Id => id;

    /// <summary>The newest version that may be there.</summary>
    public long Newest => _commits.Count - 1;

    /// <summary>The newest version that is there for sure: an older one only where the world is observed, and a commit lies within the time that its writer took.</summary>
    public long Settled => UnsettledFrom is { } from ? Math.Min(from - 1, Newest) : Newest;

    public long? UnsettledFrom { get; set; }

    public CommitSeen this[long version] => _commits[(int)version];

    public IReadOnlyList<CommitSeen> Commits => _commits;

    public static ImmutableSortedDictionary<string, string?> Values(string column, string? value) =>
        ImmutableSortedDictionary.Create<string, string?>(StringComparer.Ordinal).Add(column, value);

    public int FilesOf(ImmutableSortedDictionary<string, string?> values) => _files.GetValueOrDefault(KeyOf(values));

    public bool EverHeldData(ImmutableSortedDictionary<string, string?> values) => _everHeldData.Contains(KeyOf(values));

    /// <summary>What the table held at a version, in the ordinal order of the partitions.</summary>
    public IEnumerable<PartitionBaseline> PartitionsAt(long version)
    {
        var partitions = new SortedDictionary<string, PartitionBaseline>(StringComparer.Ordinal);
        foreach (var commit in _commits.TakeWhile(c => c.Version <= version))
        {
            foreach (var change in commit.Changes)
            {
                var key = KeyOf(change.Values);
                var known = partitions.GetValueOrDefault(key) ?? new PartitionBaseline(change.Values, 0, 0, commit.Version, commit.At);
                partitions[key] = known with
                {
                    Files = known.Files + change.FilesAdded - change.FilesRemoved,
                    Rows = known.Rows + change.Rows,
                    LastChange = change.DataChange ? commit.Version : known.LastChange,
                    At = change.DataChange ? commit.At : known.At,
                };
            }
        }

        return partitions.Values.Where(p => p.Files > 0);
    }

    public long Append(DateTimeOffset at, PipelineName? pipeline, RunId? run, params IReadOnlyList<PartitionSeen> changes)
    {
        var version = _commits.Count;
        _commits.Add(new CommitSeen(version, at, pipeline, run, [.. changes]));
        foreach (var change in changes)
        {
            var key = KeyOf(change.Values);
            var files = _files.GetValueOrDefault(key) + change.FilesAdded - change.FilesRemoved;
            _files[key] = files;
            if (files > 0)
            {
                _everHeldData.Add(key);
            }
        }

        return version;
    }

    private static string KeyOf(ImmutableSortedDictionary<string, string?> values) => string.Join('/', values.Select(v => $"{v.Key}={v.Value ?? "(null)"}"));
}
