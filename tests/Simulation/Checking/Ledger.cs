using System.Collections.Immutable;
using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Tests.Simulation;

/// <summary>What has happened to pipelines, dates and runs, written down from the journal: the common part of what rules need to know.</summary>
internal sealed class Ledger
{
    private readonly Dictionary<DateOf, DateLedger> _dates = [];
    private readonly Dictionary<PipelineName, PipelineLedger> _pipelines = [];

    public IEnumerable<KeyValuePair<DateOf, DateLedger>> Dates => _dates;

    /// <summary>Dates whose creation has just come up, for whoever wants to disturb it.</summary>
    public Queue<DateOf> AboutToCreate { get; } = new();

    /// <summary>Those that were applied, and not deleted since.</summary>
    public IEnumerable<PipelineLedger> Pipelines => _pipelines.Values.Where(p => p.Definition is not null);

    public PipelineLedger Pipeline(PipelineName name)
    {
        if (!_pipelines.TryGetValue(name, out var known))
        {
            _pipelines.Add(name, known = new PipelineLedger(name));
        }

        return known;
    }

    /// <summary>A date; an empty page if nothing has happened to it.</summary>
    public DateLedger Date(DateOf date) => _dates.GetValueOrDefault(date) ?? new DateLedger();

    public void Forget(DateOf date) => _dates.Remove(date);

    public void Forget(PipelineName pipeline)
    {
        _pipelines.Remove(pipeline);
        foreach (var date in _dates.Keys.Where(d => d.Pipeline == pipeline).ToList())
        {
            _dates.Remove(date);
        }
    }

    public void Write(Fact fact)
    {
        switch (fact)
        {
            case Fact.Happened { Entry: PartitionEntry entry } happened:
                Write(Open(DateOf.Actor(happened.Actor)), entry);
                if (entry is PartitionEntry.TaskQueued { Task: TaskKind.Creation })
                {
                    AboutToCreate.Enqueue(DateOf.Actor(happened.Actor));
                }

                break;
            case Fact.Happened { Entry: PipelineEntry entry } happened:
                Write(Pipeline(PipelineName.Parse(happened.Actor.Key)), entry);
                break;
            case Fact.Happened { Entry: BackfillEntry.DefinitionSeen seen } happened:
                Pipeline(PipelineName.Parse(happened.Actor.Key)).CreationDefinition = seen.Definition;
                break;
            case Fact.Started { Input: RunWork work }:
                Date(new DateOf(work.Definition.Name, work.Date)).Work = work;
                break;
            case Fact.Ended { Key: var key, Outcome: var outcome } when key.Actor.Kind == ActorIds.PartitionKind:
                var date = Date(DateOf.Actor(key.Actor));
                if (outcome == ActivityOutcome.Completed && date.Work is { } ended)
                {
                    date.Runs[ended.Run].CompletedWork = ended;
                }

                date.Work = null;
                break;
        }
    }

    private DateLedger Open(DateOf date)
    {
        if (!_dates.TryGetValue(date, out var known))
        {
            _dates.Add(date, known = new DateLedger());
        }

        return known;
    }

    private static void Write(PipelineLedger pipeline, PipelineEntry entry)
    {
        switch (entry)
        {
            case PipelineEntry.Applied applied:
                pipeline.Definition = applied.Definition;
                break;
            case PipelineEntry.RunScheduled scheduled:
                pipeline.LastScheduled = scheduled.Date;
                break;
            case PipelineEntry.AdoptionBegun:
                pipeline.IsAdopting = true;
                break;
            case PipelineEntry.AdoptionOver over:
                pipeline.IsAdopting = false;
                pipeline.AdoptedThrough = over.Through is { } through && !(pipeline.AdoptedThrough > through) ? through : pipeline.AdoptedThrough;
                break;
            case PipelineEntry.Paused or PipelineEntry.Unpaused:
                pipeline.Paused = entry is PipelineEntry.Paused;
                break;
            case PipelineEntry.BackfillBegun { Backfill: { DryRun: false } begun }:
                pipeline.Backfill = new BackfillLedger(begun);
                break;
            case PipelineEntry.BackfillSteered steered:
                pipeline.Backfill!.IsPaused = steered.State == RangeBackfillState.Paused;
                break;
            case PipelineEntry.BackfillOver { State: not RangeBackfillState.Planning }:
                pipeline.Backfill = null;
                break;
        }
    }

    private static void Write(DateLedger date, PartitionEntry entry)
    {
        switch (entry)
        {
            case PartitionEntry.RunCreated created:
                date.Runs[created.Run] = new RunLedger(created.Run, created.Kind);
                date.LastRun = created.Run;
                break;
            case PartitionEntry.Held held:
                date.Holder = held.Run;
                date.HoldNumber = held.Number ?? date.HoldNumber + 1;
                break;
            case PartitionEntry.SectionLeft left:
                date.Holder = date.Holder == left.Run ? null : date.Holder;
                break;
            case PartitionEntry.Dismissed dismissed:
                date.Dismissed = dismissed.Pin;
                break;
            case PartitionEntry.Processed processed:
                date.Processed = processed.Pin;
                date.Dismissed = null;
                date.Runs[processed.Run].CompletedWork = null;
                break;
            case PartitionEntry.Adopted adopted:
                (date.Processed, date.Dismissed) = (adopted.Pin, null);
                break;
            case PartitionEntry.RunEnded ended:
                date.Runs[ended.Run].End(ended.State);
                break;
            default:
                WriteRun(date, entry);
                break;
        }
    }

    private static void WriteRun(DateLedger date, PartitionEntry entry)
    {
        switch (entry)
        {
            case PartitionEntry.ExternalMarkBegun begun:
                date.Runs[begun.Run].MarkAgain();
                break;
            case PartitionEntry.SlotTaken taken:
                date.Runs[taken.Run].HasSlot = true;
                break;
            case PartitionEntry.SlotGivenBack back:
                date.Runs[back.Run].HasSlot = false;
                break;
            case PartitionEntry.PinBegun begun:
                date.Runs[begun.Run].Pin = Pin.None;
                date.Runs[begun.Run].SensorWaited = false;
                break;
            case PartitionEntry.PinTaken taken:
                date.Runs[taken.Run].Pin = date.Runs[taken.Run].Pin.With(taken.Table, taken.Pin);
                break;
            case PartitionEntry.TaskQueued queued:
                date.Runs[queued.Run].Tasks[(int)queued.Task] = TaskState.Queued;
                break;
            case PartitionEntry.TaskStarted started:
                date.Runs[started.Run].Tasks[(int)started.Task] = TaskState.Running;
                break;
            case PartitionEntry.TaskRescheduled rescheduled:
                date.Runs[rescheduled.Run].Tasks[(int)rescheduled.Task] = TaskState.UpForReschedule;
                date.Runs[rescheduled.Run].SensorWaited |= rescheduled.Task == TaskKind.Sensor;
                break;
            case PartitionEntry.TaskEnded ended:
                date.Runs[ended.Run].Tasks[(int)ended.Task] = ended.State;
                break;
            case PartitionEntry.TasksCleared cleared:
                date.Runs[cleared.Run].Clear(cleared.Tasks, cleared.Number);
                break;
            case PartitionEntry.LaterTasksCleared cleared:
                date.Runs[cleared.Run].ClearLater(cleared.Tasks, cleared.Number);
                break;
            case PartitionEntry.ClearSeen seen:
                date.Runs[seen.Run].ClearNumber = Math.Max(date.Runs[seen.Run].ClearNumber, seen.Number);
                break;
            case PartitionEntry.ClearRequested requested:
                date.Runs[requested.Run].PendingClear = requested.Clear.Number;
                break;
        }
    }
}

/// <summary>A pipeline as the ledger has it.</summary>
internal sealed class PipelineLedger(PipelineName name)
{
    public PipelineName Name => name;

    public PipelineDefinition? Definition { get; set; }

    /// <summary>The definition by which creations go, as last told by a run: it may lag behind.</summary>
    public PipelineDefinition? CreationDefinition { get; set; }

    public LogicalDate? LastScheduled { get; set; }

    public bool IsAdopting { get; set; }

    /// <summary>What is up to this date was taken over; null if nothing was.</summary>
    public LogicalDate? AdoptedThrough { get; set; }

    /// <summary>The first date of which the schedule makes a run.</summary>
    public LogicalDate FirstScheduled => AdoptedThrough is { } through ? Definition!.Schedule.Next(through) : Definition!.Start;

    public bool Paused { get; set; }

    /// <summary>The backfill of a range that has not ended.</summary>
    public BackfillLedger? Backfill { get; set; }
}

/// <summary>A backfill of a range as the ledger has it.</summary>
internal sealed class BackfillLedger(RangeBackfill begun)
{
    public long Number => begun.Number;

    public RangeBackfill Begun => begun;

    public bool IsPaused { get; set; }
}

/// <summary>A date of a pipeline as the ledger has it.</summary>
internal sealed class DateLedger
{
    public Dictionary<RunId, RunLedger> Runs { get; } = [];

    /// <summary>The run that was made last.</summary>
    public RunId? LastRun { get; set; }

    public RunId? Holder { get; set; }

    /// <summary>The number of the last hold; 0 before the first.</summary>
    public long HoldNumber { get; set; }

    /// <summary>The work that was started and has not ended.</summary>
    public RunWork? Work { get; set; }

    public Pin? Processed { get; set; }

    /// <summary>What a person dismissed after that.</summary>
    public Pin? Dismissed { get; set; }

    /// <summary>The last version of a table whose changes make the date late no more.</summary>
    public long DoneThrough(TablePath table) => Math.Max(Processed!.Tables[table].Version, Dismissed?.Tables.GetValueOrDefault(table, new TablePin("", -1)).Version ?? -1);
}
