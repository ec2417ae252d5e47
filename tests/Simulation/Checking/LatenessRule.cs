using Latecomer.Actors;
using Latecomer.Contracts;

namespace Latecomer.Tests.Simulation;

/// <summary>Invariants 3 and 7: what is late by the world's own account is reported late once all is quiet, nothing else ever is, and it stays so until a run has
/// processed a pin at or above the change.</summary>
internal sealed class LatenessRule(Ledger ledger, SimulatedWorld world, Truth truth, Findings findings) : Rule(findings)
{
    private const string Invariant = "3 (late stays late)";
    private const string NoChange = "7 (without data change nothing is late)";

    private readonly Dictionary<(DateOf, TablePath), long> _seen = [];
    private readonly HashSet<string> _rows = new(StringComparer.Ordinal);
    private readonly HashSet<DateOf> _touched = [];

    public override void See(Fact fact)
    {
        switch (fact)
        {
            case Fact.Happened { Entry: PartitionEntry entry } happened:
                SeeEntry(DateOf.Actor(happened.Actor), entry);
                break;
            case Fact.Projected { Projection: Projections.Late } row when row.Body is not null:
                _rows.Add(row.Key);
                break;
            case Fact.Projected { Projection: Projections.Late } row:
                _rows.Remove(row.Key);
                break;
            case Fact.BatchOver:
                foreach (var date in _touched)
                {
                    Expect(_rows.Contains(date.ToString()) == IsLate(date), Invariant, $"{date} is{(IsLate(date) ? "" : " not")} late, but its row says otherwise");
                }

                _touched.Clear();
                break;
        }
    }

    public override void AtRest(Rest rest)
    {
        foreach (var (date, _) in ledger.Dates)
        {
            var late = truth.IsLate(date);
            Expect(IsLate(date) == late, Invariant, $"{date} is{(late ? "" : " not")} late by the log, but its partition was told otherwise");
            Expect(_rows.Contains(date.ToString()) == late, Invariant, $"{date} is{(late ? "" : " not")} late by the log, but people read otherwise");
        }

        foreach (var pipeline in ledger.Pipelines)
        {
            var known = rest.StateOfType<BackfillState>(ActorIds.Backfill(pipeline.Name))?.Late.Dates(pipeline.Definition!.Schedule) ?? [];
            var expected = ledger.Dates.Select(d => d.Key).Where(d => d.Pipeline == pipeline.Name && truth.IsLate(d)).Select(d => d.Date).Order();
            Expect(known.SequenceEqual(expected), Invariant,
                $"the backfill singleton takes {string.Join(", ", known)} of {pipeline.Name} for late, but late are {string.Join(", ", expected)}");
        }
    }

    public override void Forget(DateOf date) => Drop(_seen, k => k.Item1 == date);

    private bool IsLate(DateOf date) => ledger.Date(date) is { Processed: { } pin } known && pin.Tables.Keys.Any(t => _seen.GetValueOrDefault((date, t), -1) > known.DoneThrough(t));

    private void SeeEntry(DateOf date, PartitionEntry entry)
    {
        _touched.Add(date);
        switch (entry)
        {
            case PartitionEntry.ChangeSeen { Affects: true } seen:
                _seen[(date, seen.Table)] = Math.Max(_seen.GetValueOrDefault((date, seen.Table), -1), seen.Change.Version);
                var input = ledger.Pipeline(date.Pipeline).Definition!.Inputs.First(i => i.Table == seen.Table);
                Expect(truth.Affects(input, date, world.Table(seen.Table)[seen.Change.Version]), NoChange,
                    $"{seen.Table}@{seen.Change.Version} was taken for a change that affects {date}");
                break;
            case PartitionEntry.BaselineSeen { LastChange: { } change } seen:
                _seen[(date, seen.Table)] = Math.Max(_seen.GetValueOrDefault((date, seen.Table), -1), change.Version);
                break;
            case PartitionEntry.LatenessReported reported:
                Expect(reported.Late == IsLate(date), Invariant, $"{date} was reported as {(reported.Late ? "late" : "not late")}, which it is not");
                break;
        }
    }
}
