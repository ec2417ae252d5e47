using System.Diagnostics;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Actors;

/// <content>Clearing: first the singletons put back the order of the dates, then the runs are told.</content>
public sealed partial class PipelineActor
{
    private const int ToldPerTurn = 200;

    private static void HandleClear(Turn<PipelineState, PipelineEntry> turn, PipelineMessage message)
    {
        switch (message)
        {
            case PipelineMessage.Clear clear:
                // The scheduled run by its id is the date's: its order must be put back as well.
                Clear(turn, clear.Run == RunId.Scheduled(clear.Date) ? clear with { Run = null } : clear);
                break;
            case PipelineMessage.FailuresFound found:
                TakeFailures(turn, found);
                break;
            case PipelineMessage.OrderReset reset:
                turn.Record(new PipelineEntry.ClearReset(reset.Number));
                TellRuns(turn);
                break;
            case PipelineMessage.ClearOn:
                TellRuns(turn);
                break;
            case PipelineMessage.TasksCleared cleared:
                TakeAnswer(turn, cleared);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private static void Clear(Turn<PipelineState, PipelineEntry> turn, PipelineMessage.Clear clear)
    {
        if (Refusal(turn.State, clear) is var (status, reason))
        {
            turn.Refuse(clear.Request, status, status == ReplyStatus.NotFound && turn.State.Definition is null ? $"There is no pipeline {turn.Self.Key}." : reason);
            return;
        }

        var definition = turn.State.Definition!;
        var tasks = Tasks.Selected(TaskOf(definition, clear.TaskId), clear.Upstream, clear.Downstream);
        var dates = new DateRange(
            clear.Past || (clear.Run is null && clear.Date < turn.State.FirstScheduled) ? turn.State.FirstScheduled : clear.Date,
            clear.Future ? definition.Schedule.Previous(turn.State.NextDate!.Value) : clear.Date);
        var survey = clear.OnlyFailed ? new FailureSurvey(clear.DryRun, IsComplete: false, []) : null;
        var operation = new ClearOperation(turn.State.ClearNumber + 1, clear.Request, dates, clear.Run, tasks, 0, dates.From, 0, survey);
        if (survey is not null)
        {
            turn.Record(new PipelineEntry.ClearBegun(operation));
        }
        else if (clear.DryRun)
        {
            turn.Reply(clear.Request, ReplyOf(definition, operation));
            return;
        }
        else
        {
            turn.Record(new PipelineEntry.ClearBegun(operation with { Resets = ResetOrder(turn, operation) }));
        }

        TellRuns(turn);
    }

    /// <summary>Lets the singletons put back the order of what is cleared; gives how many answers will come.</summary>
    private static int ResetOrder(Turn<PipelineState, PipelineEntry> turn, ClearOperation clear)
    {
        if (clear.Run is not null)
        {
            return 0;
        }

        var definition = turn.State.Definition!;
        var parts = clear.Failures?.Parts ?? [new ClearPart(clear.Tasks, new DateRanges([clear.Dates]))];
        var marks = parts.Where(p => p.Tasks.Contains(TaskKind.Mark)).SelectMany(p => p.Dates.Ranges).ToList();
        var creations = parts.Where(p => p.Tasks.Contains(TaskKind.Creation)).SelectMany(p => p.Dates.Ranges).ToList();
        marks.ForEach(dates => turn.Send(ActorIds.Marking(definition.Name), new MarkingMessage.ResetMarks(dates, clear.Number, definition.Schedule)));
        creations.ForEach(dates => turn.Send(ActorIds.Backfill(definition.Name), new BackfillMessage.ResetCreations(dates, clear.Number, definition.Schedule)));
        return marks.Count + creations.Count;
    }

    private static (ReplyStatus Status, string Reason)? Refusal(PipelineState state, PipelineMessage.Clear clear)
    {
        if (state.Definition is not { } definition)
        {
            return (ReplyStatus.NotFound, "There is no such pipeline.");
        }

        if (clear.TaskId is { } id && TaskOf(definition, id) is null)
        {
            var ids = string.Join(", ", Tasks.All.Select(t => Tasks.IdOf(t, definition.Work)));
            return (ReplyStatus.InvalidArgument, $"{definition.Name} has no task '{id}'. Its tasks: {ids}.");
        }

        if (clear.Run is not null && (clear.Past || clear.Future))
        {
            return (ReplyStatus.InvalidArgument, "Past and Future go with scheduled runs: leave the run id out.");
        }

        if (clear.Run is null && definition.Work is Work.External)
        {
            return (ReplyStatus.FailedPrecondition, $"The runs of {definition.Name} are made by something else: clear them there.");
        }

        if (clear.Run is null && !(definition.Covers(clear.Date) && clear.Date < state.NextDate))
        {
            return (ReplyStatus.NotFound, $"{definition.Name} has no scheduled run of {definition.Schedule.NameOf(clear.Date)}.");
        }

        if (clear.Run is null && (clear.Future ? state.NextDate!.Value <= state.FirstScheduled : clear.Date < state.FirstScheduled))
        {
            var (date, through) = (definition.Schedule.NameOf(clear.Date), definition.Schedule.NameOf(state.AdoptedThrough ?? clear.Date));
            return (ReplyStatus.FailedPrecondition,
                $"{definition.Name} has no scheduled run of {date}: what was processed elsewhere up to {through} was taken over. To process {date} here, trigger a run of it.");
        }

        return state.Clears.Count >= PipelineState.MostOperations
            ? (ReplyStatus.FailedPrecondition, $"{PipelineState.MostOperations} clears of {definition.Name} are under way already.")
            : null;
    }

    private static TaskKind? TaskOf(PipelineDefinition definition, string? id) =>
        Tasks.All.Where(t => Tasks.IdOf(t, definition.Work) == id).Select(t => (TaskKind?)t).FirstOrDefault();

    private static ClearReply ReplyOf(PipelineDefinition definition, ClearOperation clear)
    {
        var schedule = definition.Schedule;
        var parts = clear.Failures?.Parts ?? [new ClearPart(clear.Tasks, new DateRanges([clear.Dates]))];
        var runs = parts.Select(p => (p.Tasks, Runs: p.Dates.Ranges.Sum(r => schedule.Distance(r.From, r.To) + 1))).ToList();
        var ranges = parts.SelectMany(p => p.Dates.Ranges).DefaultIfEmpty(clear.Dates).ToList();
        return new ClearReply(
            runs.Sum(r => r.Runs * r.Tasks.Count), runs.Sum(r => r.Runs), ranges.Min(r => r.From), ranges.Max(r => r.To),
            [.. parts.SelectMany(p => p.Tasks).Distinct().Order().Select(t => Tasks.IdOf(t, definition.Work))]);
    }

    /// <summary>Tells, or asks, of one clear after the other, in the order of their numbers: a run that a clear has reached has taken all before it, so its word counts again.</summary>
    private static void TellRuns(Turn<PipelineState, PipelineEntry> turn)
    {
        if (Next(turn.State) is not { Resets: 0, NextDate: { } from } clear)
        {
            return;
        }

        var definition = turn.State.Definition!;
        var told = 0;
        LogicalDate? next = from;
        while (next is { } date && told < ToldPerTurn)
        {
            var run = clear.Run ?? RunId.Scheduled(date);
            turn.Send(ActorIds.Partition(definition.Name, date), clear.IsAsking
                ? new PartitionMessage.FailuresAsked(clear.Number, run, clear.Tasks)
                : new PartitionMessage.ClearTasks(clear.Number, run, clear.TasksOf(date), definition));
            told++;
            var following = definition.Schedule.Next(date);
            next = clear.IsAsking ? (following <= clear.Dates.To ? following : null) : clear.FirstFrom(following, definition.Schedule);
        }

        turn.Record(new PipelineEntry.ClearTold(clear.Number, told, next));
        if (Next(turn.State) is { Resets: 0, NextDate: not null } then)
        {
            turn.Send(turn.Self, new PipelineMessage.ClearOn(then.Number));
        }
    }

    /// <summary>The clear of which runs are told next; one that still asks keeps those after it waiting.</summary>
    private static ClearOperation? Next(PipelineState state) => state.Clears.Find(c => c.NextDate is not null || c.IsAsking);

    private static void TakeAnswer(Turn<PipelineState, PipelineEntry> turn, PipelineMessage.TasksCleared cleared)
    {
        turn.Record(new PipelineEntry.ClearTaken(cleared.Number));
        if (turn.State.Clears.Find(c => c.Number == cleared.Number) is not { } clear)
        {
            return;
        }

        if (cleared.Reopened && clear.Run is null)
        {
            turn.Record(new PipelineEntry.ScheduledReopened(cleared.Number));
        }

        ReopenBackfillRun(turn, clear.Dates.From, cleared);
        if (!cleared.Found)
        {
            RefuseUnknown(turn, clear);
        }
        else if (cleared.Refusal is { } refusal)
        {
            turn.Refuse(clear.Request, ReplyStatus.FailedPrecondition, refusal);
            turn.Record(new PipelineEntry.ClearOver(clear.Number));
        }
        else if (clear is { Outstanding: 0, NextDate: null })
        {
            EndClear(turn, clear);
        }
    }

    private static void RefuseUnknown(Turn<PipelineState, PipelineEntry> turn, ClearOperation clear)
    {
        turn.Refuse(clear.Request, ReplyStatus.NotFound, $"There is no run {clear.Run} of {clear.Dates.From}, or it is too old to be cleared.");
        turn.Record(new PipelineEntry.ClearOver(clear.Number));
    }

    private static void EndClear(Turn<PipelineState, PipelineEntry> turn, ClearOperation clear)
    {
        turn.Reply(clear.Request, ReplyOf(turn.State.Definition!, clear));
        turn.Record(new PipelineEntry.ClearOver(clear.Number));
    }
}
