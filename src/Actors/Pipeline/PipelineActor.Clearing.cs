using System.Collections.Immutable;
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
            clear.Past ? definition.Start : clear.Date,
            clear.Future ? definition.Schedule.Previous(turn.State.NextDate!.Value) : clear.Date);
        if (clear.DryRun)
        {
            turn.Reply(clear.Request, ReplyOf(definition, dates, tasks));
            return;
        }

        var number = turn.State.ClearNumber + 1;
        var resetsMarks = clear.Run is null && tasks.Contains(TaskKind.Mark);
        var resetsCreations = clear.Run is null && tasks.Contains(TaskKind.Creation);
        turn.Record(new PipelineEntry.ClearBegun(new ClearOperation(
            number, clear.Request, dates, clear.Run, tasks, (resetsMarks ? 1 : 0) + (resetsCreations ? 1 : 0), dates.From, 0)));
        if (resetsMarks)
        {
            turn.Send(ActorIds.Marking(definition.Name), new MarkingMessage.ResetMarks(dates, number, definition.Schedule));
        }

        if (resetsCreations)
        {
            turn.Send(ActorIds.Backfill(definition.Name), new BackfillMessage.ResetCreations(dates, number, definition.Schedule));
        }

        TellRuns(turn);
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

        if (clear.Run is null && !(definition.Covers(clear.Date) && clear.Date < state.NextDate))
        {
            return (ReplyStatus.NotFound, $"{definition.Name} has no scheduled run of {definition.Schedule.NameOf(clear.Date)}.");
        }

        return state.Clears.Count >= PipelineState.MostOperations
            ? (ReplyStatus.FailedPrecondition, $"{PipelineState.MostOperations} clears of {definition.Name} are under way already.")
            : null;
    }

    private static TaskKind? TaskOf(PipelineDefinition definition, string? id) =>
        Tasks.All.Where(t => Tasks.IdOf(t, definition.Work) == id).Select(t => (TaskKind?)t).FirstOrDefault();

    private static ClearReply ReplyOf(PipelineDefinition definition, DateRange dates, ImmutableSortedSet<TaskKind> tasks)
    {
        var runs = definition.Schedule.Distance(dates.From, dates.To) + 1;
        return new ClearReply(runs * tasks.Count, runs, dates.From, dates.To, [.. tasks.Select(t => Tasks.IdOf(t, definition.Work))]);
    }

    /// <summary>Tells of one clear after the other, in the order of their numbers: a run that a clear has reached has taken all before it, so its word counts again.</summary>
    private static void TellRuns(Turn<PipelineState, PipelineEntry> turn)
    {
        if (turn.State.Clears.Find(c => c.NextDate is not null) is not { Resets: 0, NextDate: { } from } clear)
        {
            return;
        }

        var definition = turn.State.Definition!;
        var told = new DateRange(from, clear.Dates.To).Dates(definition.Schedule).Take(ToldPerTurn).ToList();
        foreach (var date in told)
        {
            turn.Send(ActorIds.Partition(definition.Name, date), new PartitionMessage.ClearTasks(
                clear.Number, clear.Run ?? RunId.Scheduled(date), clear.Tasks, definition));
        }

        var next = definition.Schedule.Next(told[^1]);
        turn.Record(new PipelineEntry.ClearTold(clear.Number, told.Count, next <= clear.Dates.To ? next : null));
        if (turn.State.Clears.Find(c => c.NextDate is not null) is { Resets: 0 } following)
        {
            turn.Send(turn.Self, new PipelineMessage.ClearOn(following.Number));
        }
    }

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

        if (!cleared.Found)
        {
            turn.Refuse(clear.Request, ReplyStatus.NotFound, $"There is no run {clear.Run} of {clear.Dates.From}, or it is too old to be cleared.");
            turn.Record(new PipelineEntry.ClearOver(clear.Number));
        }
        else if (clear is { Outstanding: 0, NextDate: null })
        {
            turn.Reply(clear.Request, ReplyOf(turn.State.Definition!, clear.Dates, clear.Tasks));
            turn.Record(new PipelineEntry.ClearOver(clear.Number));
        }
    }
}
