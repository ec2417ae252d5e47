using Latecomer.Actors;
using Latecomer.Contracts;

namespace Latecomer.Tests.Simulation;

/// <summary>Backfills of ranges: one at a time, a few runs at a time, in order, only of dates that want one; each date of the range is run or passed over.</summary>
internal sealed class RangeRule(Ledger ledger, Findings findings) : Rule(findings)
{
    private const string Invariant = "6 (backfills of ranges)";

    private readonly Dictionary<PipelineName, Active> _active = [];
    private readonly HashSet<DateOf> _claimed = [];

    public override void See(Fact fact)
    {
        switch (fact)
        {
            case Fact.Happened { Entry: PipelineEntry entry } happened:
                SeePipeline(PipelineName.Parse(happened.Actor.Key), entry);
                break;
            case Fact.Happened { Entry: PartitionEntry entry } happened:
                SeePartition(DateOf.Actor(happened.Actor), entry);
                break;
        }
    }

    public override void AtRest(Rest rest)
    {
        foreach (var (pipeline, active) in _active)
        {
            // Runs that are open may wait for data; whether they may is another rule's.
            Expect(active.Backfill is null || Open(active).Any(), Invariant, $"the backfill {active.Backfill?.Number} of {pipeline} has not ended at rest");
        }
    }

    public override void Forget(DateOf date) => _claimed.Remove(date);

    public override void Forget(PipelineName pipeline) => _active.Remove(pipeline);

    private void SeePipeline(PipelineName pipeline, PipelineEntry entry)
    {
        if (!_active.TryGetValue(pipeline, out var active))
        {
            _active.Add(pipeline, active = new Active());
        }

        switch (entry)
        {
            case PipelineEntry.BackfillBegun begun:
                Expect(active.Backfill is null, Invariant, $"the backfill {begun.Backfill.Number} of {pipeline} began while {active.Backfill?.Number} was active");
                _active[pipeline] = new Active { Backfill = begun.Backfill };
                break;
            case PipelineEntry.BackfillPlanned or PipelineEntry.BackfillRunAsked:
                Expect(active.State is RangeBackfillState.Planning or RangeBackfillState.Running, Invariant, $"{pipeline} goes on with a backfill that is {active.State}");
                active.State = RangeBackfillState.Running;
                break;
            case PipelineEntry.BackfillSteered steered:
                active.State = steered.State;
                break;
            case PipelineEntry.BackfillOver { State: RangeBackfillState.Planning }:
                active.Backfill = null;
                break;
            case PipelineEntry.BackfillOver over:
                End(pipeline, active, over.State);
                break;
        }
    }

    private IEnumerable<DateOf> Open(Active active) => active.Runs.Where(r => ledger.Date(r.Key).Runs[r.Value].Ended is null).Select(r => r.Key);

    private void End(PipelineName pipeline, Active active, RangeBackfillState state)
    {
        var open = Open(active);
        Expect(!open.Any(), Invariant, $"the backfill {active.Backfill!.Number} of {pipeline} is {state}, but it has open runs: {string.Join(", ", open)}");
        active.Backfill = null;
    }

    private void SeePartition(DateOf date, PartitionEntry entry)
    {
        switch (entry)
        {
            case PartitionEntry.Reserved:
                _claimed.Add(date);
                break;
            case PartitionEntry.ClaimOver:
                _claimed.Remove(date);
                break;
            case PartitionEntry.RunCreated { Backfill: { } number } created:
                Create(date, created.Run, number);
                break;
        }
    }

    private void Create(DateOf date, RunId run, long number)
    {
        var active = _active.GetValueOrDefault(date.Pipeline);
        if (active?.Backfill is not { } backfill || backfill.Number != number)
        {
            Expect(holds: false, Invariant, $"{run} of {date} is of the backfill {number}, but active is {active?.Backfill?.Number}");
            return;
        }

        var known = ledger.Date(date);
        var last = known.LastRun is { } before ? known.Runs[before] : null;
        var wants = backfill.Behavior switch
        {
            ReprocessBehavior.None => last is null && known.Processed is null,
            ReprocessBehavior.Failed => last is null ? known.Processed is null : last.Ended is RunState.Failed or RunState.Cancelled,
            _ => true,
        };
        Expect(backfill.Dates.Contains(date.Date) && !backfill.DryRun && wants, Invariant, $"{run} of {date} was made, but {backfill.Behavior} from {backfill.Dates} does not want it");
        Expect(!_claimed.Contains(date) && known.Runs.Values.All(r => r.Ended is not null), Invariant, $"{run} of {date} was made, though the date was to be run already");
        var open = active.Runs.Count(r => ledger.Date(r.Key).Runs[r.Value] is { Ended: null, ClearNumber: 0 });
        Expect(open < backfill.MaxActive, Invariant, $"{run} of {date} was made while {open} of {backfill.MaxActive} runs were open");
        Expect(active.Runs.TryAdd(date, run), Invariant, $"{date} got a second run of the backfill {number}");
    }

    private sealed class Active
    {
        public RangeBackfill? Backfill { get; set; }

        public RangeBackfillState State { get; set; } = RangeBackfillState.Planning;

        public Dictionary<DateOf, RunId> Runs { get; } = [];
    }
}
