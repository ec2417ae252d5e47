using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Actors;

/// <summary>Keeps a pipeline's definition, schedule and slots. Guarantees that no more runs hold slots than <c>maxActiveRuns</c>, no more backfills
/// than <c>maxActiveBackfills</c>, and that neither kind starves the other (invariant 6).</summary>
public sealed partial class PipelineActor : Actor<PipelineState, PipelineMessage, PipelineEntry>
{
    /// <inheritdoc/>
    public override ActorKind Kind { get; } = new ActorKind.Sharded(ActorIds.PipelineKind);

    /// <inheritdoc/>
    public override PipelineState Initial(string key) => PipelineState.Empty;

    /// <inheritdoc/>
    public override void Handle(Turn<PipelineState, PipelineEntry> turn, PipelineMessage message)
    {
        var before = turn.State;
        if (turn.State.Deleting is not null && message is IAsked { Request: var request })
        {
            turn.Refuse(request, ReplyStatus.FailedPrecondition, $"{turn.Self.Key} is being deleted.");
        }
        else
        {
            Dispatch(turn, message);
        }

        GoOnWithDelete(turn);
        GoOnWithAdoption(turn);
        MakeScheduledRuns(turn);
        GoOnWithBackfill(turn);
        GrantSlots(turn);
        Project(turn, before);
    }

    /// <inheritdoc/>
    protected override PipelineMessage FromActivity(ActivityEnded ended) =>
        ended.Kind switch
        {
            ReadStateTable.Kind => new PipelineMessage.StatesRead(ended),
            ListRows.Kind => new PipelineMessage.RowsListed(ended),
            _ => new PipelineMessage.Checked(ended),
        };

    private static void Dispatch(Turn<PipelineState, PipelineEntry> turn, PipelineMessage message)
    {
        switch (message)
        {
            case PipelineMessage.Apply apply:
                Apply(turn, apply);
                break;
            case PipelineMessage.Checked ended:
                EndCheck(turn, ended.Activity);
                break;
            case PipelineMessage.FolderAnswered answered:
                EndApply(turn, answered.Owner);
                break;
            case PipelineMessage.Subscribed subscribed:
                turn.Record(new PipelineEntry.InputSubscribed(subscribed.Table));
                break;
            case PipelineMessage.ScheduleDue or PipelineMessage.BackfillCreated:
                break;
            case PipelineMessage.ScheduledMarked marked:
                turn.Record(new PipelineEntry.Marked(marked.Date));
                break;
            case PipelineMessage.RunEnded { Kind: RunKind.Scheduled } ended:
                turn.Record(new PipelineEntry.ScheduledEnded(ended.Run));
                break;
            case PipelineMessage.RunEnded ended:
                EndBackfillRun(turn, ended);
                break;
            case PipelineMessage.SlotRequested requested:
                turn.Record(new PipelineEntry.SlotQueued(new SlotClaimant(requested.Date, requested.Run, requested.Kind, requested.Step)));
                break;
            case PipelineMessage.SlotReleased released:
                turn.Record(new PipelineEntry.SlotReleased(released.Run));
                break;
            case PipelineMessage.MarkAsProcessing or PipelineMessage.CreateFromLate:
                PassOn(turn, message);
                break;
            case PipelineMessage.Trigger trigger:
                Trigger(turn, trigger);
                break;
            default:
                HandleBackfill(turn, message);
                break;
        }
    }

    private static void Trigger(Turn<PipelineState, PipelineEntry> turn, PipelineMessage.Trigger trigger)
    {
        if (turn.State.Definition is not { } definition)
        {
            turn.Refuse(trigger.Request, ReplyStatus.NotFound, $"There is no pipeline {turn.Self.Key}.");
        }
        else if (!definition.Covers(trigger.Date))
        {
            turn.Refuse(trigger.Request, ReplyStatus.InvalidArgument, NoDate(definition, trigger.Date));
        }
        else if (turn.State.Adopting is not null)
        {
            turn.Refuse(trigger.Request, ReplyStatus.FailedPrecondition, BeingAdopted(turn));
        }
        else if (definition.Work is Work.External)
        {
            turn.Refuse(trigger.Request, ReplyStatus.FailedPrecondition, $"The runs of {definition.Name} are made by something else: trigger them there.");
        }
        else
        {
            var floor = turn.State.LastTriggerAt.AddMilliseconds(1);
            var at = turn.Now > floor ? turn.Now : floor;
            var run = RunId.Manual(at);
            turn.Record(new PipelineEntry.Triggered(run, at));
            RememberPassedOn(turn, trigger.Date);
            turn.Send(ActorIds.Partition(definition.Name, trigger.Date), new PartitionMessage.CreateRun(run, RunKind.Manual, definition, trigger.Request));
        }
    }

    private static string NoDate(PipelineDefinition definition, LogicalDate date) => $"{date} is no execution date of {definition.Name}: they go {Range(definition)}.";

    private static string Range(PipelineDefinition definition)
    {
        var end = definition.End is { } last ? $" to {definition.Schedule.NameOf(last)}" : "";
        return $"{definition.Schedule.ToString().ToLowerInvariant()} from {definition.Schedule.NameOf(definition.Start)}{end}";
    }

    /// <summary>Makes the scheduled runs that are due: only a few ahead of the marks, for they follow one another, and waiting runs cost.</summary>
    private static void MakeScheduledRuns(Turn<PipelineState, PipelineEntry> turn)
    {
        if (!turn.State.IsStarted || turn.State.Paused || turn.State.Adopting is not null || turn.State.Definition is not { Work: not Work.External } definition)
        {
            return;
        }

        var schedule = definition.Schedule;
        while (turn.State.NextDate is { } date && !(date > definition.End) && turn.State.OpenScheduled < PipelineState.MostOpenScheduled)
        {
            var unmarked = schedule.Distance(turn.State.MarkedThrough ?? schedule.Previous(definition.Start), date) - 1;
            if (unmarked > definition.MaxActiveRuns)
            {
                return;
            }

            var due = schedule.Next(date).Start;
            if (due > turn.Now)
            {
                turn.SetTimer("schedule", due, new PipelineMessage.ScheduleDue());
                return;
            }

            turn.Record(new PipelineEntry.RunScheduled(date));
            turn.Send(ActorIds.Partition(definition.Name, date), new PartitionMessage.CreateRun(
                RunId.Scheduled(date), RunKind.Scheduled, definition, Request: null));
        }
    }

    private static void GrantSlots(Turn<PipelineState, PipelineEntry> turn)
    {
        while (turn.State is { Definition: { } definition, Paused: false } && turn.State.Slots.Count < definition.MaxActiveRuns && NextForSlot(turn.State, definition) is var (next, both))
        {
            turn.Record(new PipelineEntry.SlotGranted(next, both));
            turn.Send(ActorIds.Partition(definition.Name, next.Date), new PartitionMessage.SlotGranted(next.Run, next.Step, definition));
        }
    }

    private static (SlotClaimant Next, bool BothWaited)? NextForSlot(PipelineState state, PipelineDefinition definition)
    {
        var live = state.Queue.Find(c => c.Kind != RunKind.Backfill);
        var backfill = state.Queue.Find(c => c.Kind == RunKind.Backfill);
        if (state.Slots.Count(c => c.Kind == RunKind.Backfill) >= definition.MaxActiveBackfills)
        {
            backfill = null;
        }

        return (live, backfill) switch
        {
            (null, null) => null,
            ({ } one, null) => (one, false),
            (null, { } one) => (one, false),
            ({ } one, { } other) => (state.BackfillWasLast ? one : other, true),
        };
    }

    private static void Project(Turn<PipelineState, PipelineEntry> turn, PipelineState before)
    {
        var state = turn.State;
        if (!ReferenceEquals(state, before) && state.Definition is not null)
        {
            turn.Project(Projections.Pipelines, turn.Self.Key, RowOf(state));
        }

        if (!ReferenceEquals(state.Backfill, before.Backfill) && state is { Definition: { } definition, Backfill: { State: not RangeBackfillState.Planning } backfill })
        {
            turn.Project(Projections.Backfills, BackfillRow.KeyOf(definition.Name, backfill.Number), RowOf(definition.Name, backfill));
        }
    }

    private static PipelineRow RowOf(PipelineState state) => new(
        state.Definition!, state.NextDate!.Value, state.Slots.Count, state.Slots.Count(c => c.Kind == RunKind.Backfill), state.Queue.Count, state.IsStarted, state.Paused);
}
