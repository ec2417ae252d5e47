using Latecomer.Actors;
using Latecomer.Contracts;

namespace Latecomer.Tests.Simulation;

/// <summary>Invariant 6: no more runs hold slots than the definition in force allows, freed slots alternate while both kinds wait, and at rest every run
/// has ended but those that wait for data which is not there.</summary>
internal sealed class SlotRule(Ledger ledger, SimulatedWorld world, Findings findings) : Rule(findings)
{
    private const string Invariant = "6 (slots)";
    private const string Paused = "6 (what is paused begins nothing)";

    private readonly Dictionary<PipelineName, Places> _places = [];

    public override void See(Fact fact)
    {
        switch (fact)
        {
            case Fact.Happened { Entry: PipelineEntry entry } happened:
                SeeEntry(PipelineName.Parse(happened.Actor.Key), entry);
                break;
            case Fact.Happened { Entry: PartitionEntry.SlotTaken taken } happened:
                var places = PlacesOf(DateOf.Actor(happened.Actor).Pipeline);
                Expect(places.Held.ContainsKey(taken.Run), Invariant, $"{taken.Run} of {happened.Actor} works in a slot that was not granted");
                break;
        }
    }

    public override void AtRest(Rest rest)
    {
        foreach (var (date, runs) in ledger.Dates)
        {
            foreach (var run in runs.Runs.Values.Where(r => r.Ended is null))
            {
                Expect(MayWait(date, run), "6 (every run that can go on does)",
                    $"{date} is stuck, as are all of {string.Join("; ", ledger.Dates.SelectMany(d => d.Value.Runs.Values.Where(r => r.Ended is null).Select(r => Text(d.Key, r))).Order(StringComparer.Ordinal))}");
            }
        }

        foreach (var (pipeline, places) in _places)
        {
            Expect(places.Held.Count == 0, Invariant, $"{pipeline} has slots held by {string.Join(", ", places.Held.Keys)} at rest");
            Expect(places.Queue.Count == 0, Invariant, $"{pipeline} lets {string.Join(", ", places.Queue.Keys)} wait for a slot at rest");
        }
    }

    public override void Forget(PipelineName pipeline) => _places.Remove(pipeline);

    private string Text(DateOf date, RunLedger run) =>
        $"{date} {run.Id}{(ledger.Date(date).Holder == run.Id ? " holds it" : "")} [{string.Join(", ", run.Tasks)}]";

    private static (bool Live, bool Backfill) Waiting(Places places, PipelineDefinition definition)
    {
        var room = places.Held.Values.Count(k => k == RunKind.Backfill) < definition.MaxActiveBackfills;
        return (places.Queue.Values.Any(k => k != RunKind.Backfill), room && places.Queue.ContainsValue(RunKind.Backfill));
    }

    /// <summary>For data that is not there, or for a run that may wait itself: one that holds the partition, or that of the date before.</summary>
    private bool MayWait(DateOf date, RunLedger run)
    {
        var definition = ledger.Pipeline(date.Pipeline).Definition!;
        if (IsWaitingForData(definition, date, run))
        {
            return true;
        }

        var runs = ledger.Date(date);
        var before = date with { Date = definition.Schedule.Previous(date.Date) };
        var marks = run.Tasks[(int)TaskKind.Mark] is not TaskState.Success;
        var followsWaiting = run.Kind == RunKind.Scheduled && (marks || run.Tasks[(int)TaskKind.MarkProcessed] == TaskState.Success)
            && ledger.Date(before).Runs.TryGetValue(RunId.Scheduled(before.Date), out var earlier) && earlier.Ended is null && MayWait(before, earlier);
        return followsWaiting || (marks && runs.Holder is { } holder && holder != run.Id && runs.Runs[holder].Ended is null && MayWait(date, runs.Runs[holder]));
    }

    private bool IsWaitingForData(PipelineDefinition definition, DateOf date, RunLedger run)
    {
        var primary = definition.Inputs[0];
        var next = SimulatedTable.Values(primary.Column, primary.ValueOf(definition.Schedule.Shift(date.Date, 1)));
        return run.Tasks[(int)TaskKind.Sensor] == TaskState.UpForReschedule && world.Table(primary.Table).FilesOf(next) == 0;
    }

    private Places PlacesOf(PipelineName pipeline)
    {
        if (!_places.TryGetValue(pipeline, out var places))
        {
            _places.Add(pipeline, places = new Places());
        }

        return places;
    }

    private void SeeEntry(PipelineName pipeline, PipelineEntry entry)
    {
        var places = PlacesOf(pipeline);
        switch (entry)
        {
            case PipelineEntry.SlotQueued queued:
                places.Queue[queued.Claimant.Run] = queued.Claimant.Kind;
                break;
            case PipelineEntry.SlotReleased released:
                places.Queue.Remove(released.Run);
                places.Held.Remove(released.Run);
                break;
            case PipelineEntry.RunScheduled scheduled:
                Expect(!ledger.Pipeline(pipeline).Paused, Paused, $"{pipeline} is paused, and the run of {scheduled.Date} was made");
                break;
            case PipelineEntry.SlotGranted granted:
                Grant(pipeline, places, granted.Claimant);
                break;
        }
    }

    private void Grant(PipelineName pipeline, Places places, SlotClaimant claimant)
    {
        var definition = ledger.Pipeline(pipeline).Definition!;
        Expect(!ledger.Pipeline(pipeline).Paused, Paused, $"{pipeline} is paused, and {claimant.Run} was granted a slot");
        var (live, backfill) = Waiting(places, definition);
        if (live && backfill)
        {
            Expect(places.LastOfBoth != (claimant.Kind == RunKind.Backfill), Invariant, $"{pipeline} granted two slots in a row to {claimant.Kind} runs while both kinds waited");
            places.LastOfBoth = claimant.Kind == RunKind.Backfill;
        }

        places.Queue.Remove(claimant.Run);
        Expect(places.Held.TryAdd(claimant.Run, claimant.Kind), Invariant, $"{claimant.Run} of {pipeline} was granted a second slot");
        Expect(places.Held.Count <= definition.MaxActiveRuns, Invariant,
            $"{pipeline} granted slot {places.Held.Count} of {definition.MaxActiveRuns} to {claimant.Run}");
        var backfills = places.Held.Values.Count(k => k == RunKind.Backfill);
        Expect(claimant.Kind != RunKind.Backfill || backfills <= definition.MaxActiveBackfills, Invariant,
            $"{pipeline} granted slot {backfills} of {definition.MaxActiveBackfills} for backfills to {claimant.Run}");
    }

    private sealed class Places
    {
        public Dictionary<RunId, RunKind> Held { get; } = [];

        public Dictionary<RunId, RunKind> Queue { get; } = [];

        /// <summary>Whether the last slot for which both kinds waited went to a backfill.</summary>
        public bool? LastOfBoth { get; set; }
    }
}
