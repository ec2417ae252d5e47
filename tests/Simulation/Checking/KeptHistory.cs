using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Tests.Simulation;

/// <summary>What was ever written into journals and history, and what of it may be gone: the oldest entries of a shard, but never the newest, and tries after which another
/// one has begun.</summary>
internal sealed class KeptHistory(Findings findings)
{
    private const string Runtime = "runtime";

    /// <summary>The tasks whose tries are told of a run that something else runs; of its creation only the last one is.</summary>
    private static readonly TaskKind[] OfExternalRuns = [TaskKind.Mark, TaskKind.Work, TaskKind.MarkProcessed];

    private readonly Dictionary<ShardId, List<(ActorId Actor, long Revision, DateTimeOffset At)>> _journals = [];
    private readonly Dictionary<ShardId, int> _floors = [];
    private readonly HashSet<(string Projection, string Key)> _retired = [];

    /// <summary>Whether a row is history, and may be gone at any time.</summary>
    public bool IsRetired((string Projection, string Key) row) => _retired.Contains(row);

    public void Committed(TurnBatch batch)
    {
        foreach (var entry in batch.Journal)
        {
            if (!_journals.TryGetValue(batch.Lease.Shard, out var journal))
            {
                _journals.Add(batch.Lease.Shard, journal = []);
            }

            journal.Add((entry.Actor, entry.Revision, batch.At));
        }

        foreach (var (projection, key, body) in batch.Rows)
        {
            Expect(body is null || !_retired.Contains((projection, key)), $"{projection} {key} was put again after it had been retired");
        }

        _retired.UnionWith(batch.Retired);
    }

    public void Trimmed(ShardId shard, DateTimeOffset before, int removed)
    {
        var journal = _journals.GetValueOrDefault(shard) ?? [];
        var floor = _floors.GetValueOrDefault(shard);
        Expect(floor + removed < Math.Max(journal.Count, 1), $"all of the journal of {shard} was removed");
        Expect(journal.Skip(floor).Take(removed).All(e => e.At < before), $"entries of {shard} were removed that are not older than {before:O}");
        _floors[shard] = floor + removed;
    }

    /// <summary>Holds what is there against what was written.</summary>
    public async Task Check(IRuntimeStore store, IReadOnlyDictionary<(string Projection, string Key), byte[]> rows)
    {
        foreach (var (shard, journal) in _journals.OrderBy(j => j.Key))
        {
            await CheckJournal(store.Journal, shard, journal);
        }

        var there = await store.Projections.List(Projections.Tries, "", after: null, int.MaxValue, default);
        var keys = there.Select(r => r.Key).ToHashSet(StringComparer.Ordinal);
        var missing = rows.Keys.Where(r => r.Projection == Projections.Tries && !_retired.Contains(r) && !keys.Contains(r.Key)).Select(r => r.Key).Order(StringComparer.Ordinal).ToList();
        Expect(missing.Count == 0, $"tries {string.Join(", ", missing)} are gone, though no other has begun");
        CheckLatestTries(rows, keys);
    }

    private async Task CheckJournal(IJournalStore store, ShardId shard, List<(ActorId Actor, long Revision, DateTimeOffset At)> written)
    {
        var floor = _floors.GetValueOrDefault(shard);
        if (floor > 0)
        {
            var told = await store.Read(shard, 0, 1, default);
            Expect(told == new JournalPage.BelowFloor(floor), $"who reads {shard} from its beginning is told {told}, but the floor is {floor}");
        }

        var page = await store.Read(shard, floor, int.MaxValue, default);
        var found = page is JournalPage.Entries { Items: var items } ? items.Select(e => (e.Actor, e.Revision)).ToList() : [];
        Expect(found.SequenceEqual(written.Skip(floor).Select(e => (e.Actor, e.Revision))), $"the journal of {shard} above {floor} is not what was written: {page}");
    }

    /// <summary>Of each task that ever ended the last try is there.</summary>
    private void CheckLatestTries(IReadOnlyDictionary<(string Projection, string Key), byte[]> rows, HashSet<string> there)
    {
        foreach (var ((projection, key), body) in rows.Where(r => r.Key.Projection == Projections.Runs))
        {
            var run = DurableJson.Read<RunRow>(body);
            var kinds = run.Kind == RunKind.External ? OfExternalRuns : [.. Tasks.All];
            for (var i = 0; i < kinds.Length; i++)
            {
                // Of which life of the pipeline it is stands between task and try, but for the first.
                var (task, latest) = ($"{key}/{(int)kinds[i]}/", $"{run.Tasks[i].Try:D6}");
                Expect(run.Tasks[i].EndedAt is null || there.Any(k => k.StartsWith(task, StringComparison.Ordinal) && k.EndsWith(latest, StringComparison.Ordinal)), $"the latest try {task}{latest} is gone");
            }
        }
    }

    private void Expect(bool holds, string otherwise)
    {
        if (!holds)
        {
            findings.Report(Runtime, otherwise);
        }
    }
}
