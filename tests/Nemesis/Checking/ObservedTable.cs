using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Tests.EndToEnd.Tables;
using Latecomer.Tests.Simulation;

namespace Latecomer.Tests.Nemesis;

/// <summary>A Delta table that clients have loaded, by its log as anybody may read it, and by when their loads began and ended: a commit may be there from
/// the one on, and is for sure from the other.</summary>
internal sealed class ObservedTable
{
    private readonly Queue<(long Version, DateTimeOffset Begun, DateTimeOffset Ended, ImmutableArray<PartitionSeen> Changes)> _coming;
    private readonly Queue<(long Version, DateTimeOffset Ended)> _unsettled = new();

    public ObservedTable(string dataset, TablePath path, IReadOnlyList<Load> loads)
    {
        var commits = new TableLog(Path.Combine(dataset, path.Value)).Commits;
        var id = (string)commits.SelectMany(c => c.Actions).First(a => a["metaData"] is not null)["metaData"]!["id"]!;
        var times = loads.Where(l => l.Table == path && l.Version is not null).ToDictionary(l => l.Version!.Value);
        Table = new SimulatedTable(path, id);
        _coming = new(commits.Select(c => (c.Version, times[c.Version].Begun, times[c.Version].Ended, ChangesOf(c))));
    }

    /// <summary>As it is at the time that was reached.</summary>
    public SimulatedTable Table { get; }

    public void AdvanceTo(DateTimeOffset time)
    {
        while (_coming.TryPeek(out var next) && next.Begun <= time)
        {
            _coming.Dequeue();
            Table.Append(next.Begun, pipeline: null, run: null, next.Changes);
            _unsettled.Enqueue((next.Version, next.Ended));
        }

        while (_unsettled.TryPeek(out var first) && first.Ended <= time)
        {
            _unsettled.Dequeue();
        }

        Table.UnsettledFrom = _unsettled.TryPeek(out var open) ? open.Version : null;
    }

    private static ImmutableArray<PartitionSeen> ChangesOf(TableCommit commit) =>
    [
        .. commit.Actions.Select(FileOf).OfType<(bool IsAdd, JsonObject File)>()
            .GroupBy(f => f.File["partitionValues"]!.ToJsonString(), StringComparer.Ordinal)
            .Select(of => new PartitionSeen(
                of.First().File["partitionValues"]!.AsObject().ToImmutableSortedDictionary(v => v.Key, v => (string?)v.Value, StringComparer.Ordinal),
                of.Count(f => f.IsAdd), of.Count(f => !f.IsAdd), of.Where(f => f.IsAdd && ChangesData(f.File)).Sum(f => RowsOf(f.File)), 0, of.Any(f => ChangesData(f.File)))),
    ];

    private static (bool IsAdd, JsonObject File)? FileOf(JsonObject action) =>
        action["add"] is JsonObject add ? (true, add) : action["remove"] is JsonObject remove ? (false, remove) : null;

    private static bool ChangesData(JsonObject file) => (bool)file["dataChange"]!;

    private static long RowsOf(JsonObject add) => (long)JsonNode.Parse((string)add["stats"]!)!["numRecords"]!;
}
