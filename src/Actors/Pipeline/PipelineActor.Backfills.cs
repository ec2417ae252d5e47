using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Actors;

/// <content>A backfill of a range, one at a time: all its dates are asked whether they want a run; then runs are made, a few at a time, each if its date
/// still wants it.</content>
public sealed partial class PipelineActor
{
    private const int AskedPerTurn = 200;

    private static void HandleBackfill(Turn<PipelineState, PipelineEntry> turn, PipelineMessage message)
    {
        switch (message)
        {
            case PipelineMessage.Pause pause:
                Pause(turn, pause.Request, pause: true);
                break;
            case PipelineMessage.Unpause unpause:
                Pause(turn, unpause.Request, pause: false);
                break;
            case PipelineMessage.CreateBackfill create:
                CreateBackfill(turn, create);
                break;
            case PipelineMessage.BackfillAnswered answered when turn.State.Backfill is { State: RangeBackfillState.Planning } backfill && backfill.Number == answered.Number:
                turn.Record(new PipelineEntry.BackfillHeard(answered.Date, answered.Wanted));
                break;
            case PipelineMessage.BackfillRunMade made when turn.State.Backfill?.Number == made.Number:
                turn.Record(new PipelineEntry.BackfillRunMade(made.Date, made.Made));
                break;
            case PipelineMessage.BackfillAnswered or PipelineMessage.BackfillRunMade:
                break;
            case PipelineMessage.PauseBackfill pause:
                Steer(turn, pause.Request, pause.Number, RangeBackfillState.Paused);
                break;
            case PipelineMessage.UnpauseBackfill unpause:
                Steer(turn, unpause.Request, unpause.Number, RangeBackfillState.Running);
                break;
            case PipelineMessage.CancelBackfill cancel:
                Steer(turn, cancel.Request, cancel.Number, RangeBackfillState.Cancelling);
                break;
            default:
                HandleAdoption(turn, message);
                break;
        }
    }

    private static void CreateBackfill(Turn<PipelineState, PipelineEntry> turn, PipelineMessage.CreateBackfill create)
    {
        if (Refusal(turn, create) is var (status, reason))
        {
            turn.Refuse(create.Request, status, reason);
            return;
        }

        var definition = turn.State.Definition!;
        var floor = turn.State.LastTriggerAt.AddMilliseconds(1);
        var most = Math.Min(definition.MaxActiveBackfills, RangeBackfill.MostOpen);
        var count = (int)definition.Schedule.Distance(create.Dates.From, create.Dates.To) + 1;
        turn.Record(new PipelineEntry.BackfillBegun(new RangeBackfill(
            turn.State.BackfillsMade + 1, create.Request, create.DryRun, turn.Now > floor ? turn.Now : floor, create.Dates, create.Behavior, create.Backwards,
            create.MaxActive > 0 ? Math.Min(create.MaxActive, most) : most,
            RangeBackfillState.Planning, create.Dates.From, 0, new byte[(count + 7) / 8], [], RangeBackfillCounts.None, [])));
    }

    private static (ReplyStatus Status, string Reason)? Refusal(Turn<PipelineState, PipelineEntry> turn, PipelineMessage.CreateBackfill create)
    {
        if (turn.State.Definition is not { } definition)
        {
            return (ReplyStatus.NotFound, $"There is no pipeline {turn.Self.Key}.");
        }

        if (definition.Work is Work.External)
        {
            return (ReplyStatus.FailedPrecondition, $"The runs of {definition.Name} are made by something else: backfill there.");
        }

        var schedule = definition.Schedule;
        var (from, to) = create.Dates;
        if (from > to || !definition.Covers(from) || !definition.Covers(to))
        {
            return (ReplyStatus.InvalidArgument, $"{schedule.NameOf(from)} to {schedule.NameOf(to)} is no range of execution dates of {definition.Name}: they go {Range(definition)}.");
        }

        if (schedule.Next(to).Start > turn.Now)
        {
            return (ReplyStatus.InvalidArgument, $"The interval of {schedule.NameOf(to)} has not ended yet: a backfill is of the past.");
        }

        if (create.MaxActive < 0 || schedule.Distance(from, to) >= RangeBackfill.MostDates)
        {
            return (ReplyStatus.InvalidArgument, create.MaxActive < 0
                ? $"max_active_runs is at least 1, or 0 for what the pipeline allows; not {create.MaxActive}."
                : $"A backfill has at most {RangeBackfill.MostDates} dates: make one of a shorter range.");
        }

        return turn.State.Backfill switch
        {
            null when turn.State.Adopting is not null => (ReplyStatus.FailedPrecondition, BeingAdopted(turn)),
            null => null,
            { State: RangeBackfillState.Planning } => (ReplyStatus.FailedPrecondition, $"Another backfill of {definition.Name} is being planned: ask again."),
            { } active => (ReplyStatus.FailedPrecondition,
                $"The backfill {active.Number} of {definition.Name}, from {schedule.NameOf(active.Dates.From)} to {schedule.NameOf(active.Dates.To)}, is active: wait for its end, or cancel it."),
        };
    }

    /// <summary>Asks more dates, makes more runs, or ends; whatever is due.</summary>
    private static void GoOnWithBackfill(Turn<PipelineState, PipelineEntry> turn)
    {
        switch (turn.State.Backfill)
        {
            case { State: RangeBackfillState.Planning, Unanswered: 0, Next: not null } planning:
                AskDates(turn, planning);
                break;
            case { State: RangeBackfillState.Planning, Unanswered: 0 } planning:
                EndPlanning(turn, planning);
                break;
        }

        while (turn.State is { Paused: false, Definition: { } definition, Backfill: { MakesRuns: true, Next: { } date } backfill })
        {
            turn.Record(new PipelineEntry.BackfillRunAsked(date, backfill.After(date, definition.Schedule)));
            turn.Send(ActorIds.Partition(definition.Name, date), new PartitionMessage.CreateBackfillRun(
                backfill.Number, backfill.RunOf(date, definition.Schedule), backfill.Behavior, definition));
        }

        if (turn.State.Backfill is { IsOver: true } over)
        {
            EndBackfill(turn, over);
        }
    }

    private static void AskDates(Turn<PipelineState, PipelineEntry> turn, RangeBackfill backfill)
    {
        var definition = turn.State.Definition!;
        var asked = (backfill.Dates with { From = backfill.Next!.Value }).Dates(definition.Schedule).Take(AskedPerTurn).ToList();
        foreach (var date in asked)
        {
            turn.Send(ActorIds.Partition(definition.Name, date), new PartitionMessage.BackfillAsked(backfill.Number, backfill.Behavior));
        }

        var next = definition.Schedule.Next(asked[^1]);
        turn.Record(new PipelineEntry.BackfillAsked(asked.Count, next <= backfill.Dates.To ? next : null));
    }

    private static void EndPlanning(Turn<PipelineState, PipelineEntry> turn, RangeBackfill backfill)
    {
        var definition = turn.State.Definition!;
        var dates = backfill.InOrder(definition.Schedule).Take(CreateBackfillReply.MostDates).ToList();
        if (backfill.DryRun)
        {
            turn.Record(new PipelineEntry.BackfillOver(backfill.Number, RangeBackfillState.Planning));
        }
        else
        {
            turn.Record(new PipelineEntry.BackfillPlanned(dates.Count > 0 ? dates[0] : null));
        }

        var row = turn.State.Backfill is { } planned ? RowOf(definition.Name, planned) : null;
        turn.Reply(backfill.Request!.Value, new CreateBackfillReply(row, [.. dates], backfill.Counts.Planned, backfill.Counts.Skipped));
    }

    private static void Steer(Turn<PipelineState, PipelineEntry> turn, RequestId request, long number, RangeBackfillState wanted)
    {
        if (turn.State.Definition is not { } definition || number > turn.State.BackfillsMade || number < 1)
        {
            turn.Refuse(request, ReplyStatus.NotFound, $"There is no backfill {number} of {turn.Self.Key}.");
            return;
        }

        if (turn.State.Backfill is not { } backfill || backfill.Number != number)
        {
            turn.Refuse(request, ReplyStatus.FailedPrecondition, $"The backfill {number} of {definition.Name} has ended.");
            return;
        }

        if (wanted == RangeBackfillState.Cancelling)
        {
            Cancel(turn, request, backfill);
        }
        else if (backfill.State == RangeBackfillState.Cancelling)
        {
            turn.Refuse(request, ReplyStatus.FailedPrecondition, $"The backfill {number} of {definition.Name} is being cancelled.");
        }
        else
        {
            if (backfill.State != wanted)
            {
                turn.Record(new PipelineEntry.BackfillSteered(wanted, Cancel: null));
            }

            turn.Reply(request, RowOf(definition.Name, turn.State.Backfill!));
        }
    }

    private static void Cancel(Turn<PipelineState, PipelineEntry> turn, RequestId request, RangeBackfill backfill)
    {
        var tells = backfill.State != RangeBackfillState.Cancelling;
        turn.Record(new PipelineEntry.BackfillSteered(RangeBackfillState.Cancelling, request));
        foreach (var date in tells ? backfill.Open : [])
        {
            CancelRun(turn, backfill, date);
        }
    }

    private static void CancelRun(Turn<PipelineState, PipelineEntry> turn, RangeBackfill backfill, LogicalDate date)
    {
        var definition = turn.State.Definition!;
        turn.Send(ActorIds.Partition(definition.Name, date), new PartitionMessage.CancelRun(Request: null, backfill.RunOf(date, definition.Schedule)));
    }

    private static void EndBackfillRun(Turn<PipelineState, PipelineEntry> turn, PipelineMessage.RunEnded ended)
    {
        if (ended is { Backfill: { } number, Date: { } date } && turn.State.Backfill?.Number == number)
        {
            turn.Record(new PipelineEntry.BackfillRunEnded(date, ended.State == RunState.Success));
        }
    }

    private static void ReopenBackfillRun(Turn<PipelineState, PipelineEntry> turn, LogicalDate date, PipelineMessage.TasksCleared cleared)
    {
        if (!cleared.Reopened || turn.State.Backfill is not { } backfill || backfill.Number != cleared.Backfill)
        {
            return;
        }

        turn.Record(new PipelineEntry.BackfillRunReopened(date, cleared.Succeeded));
        if (backfill.State == RangeBackfillState.Cancelling)
        {
            CancelRun(turn, backfill, date);
        }
    }

    private static void EndBackfill(Turn<PipelineState, PipelineEntry> turn, RangeBackfill backfill)
    {
        var name = turn.State.Definition!.Name;
        var state = backfill.State == RangeBackfillState.Cancelling ? RangeBackfillState.Cancelled : RangeBackfillState.Completed;
        turn.Record(new PipelineEntry.BackfillOver(backfill.Number, state));
        var row = RowOf(name, backfill with { State = state }) with { EndedAt = turn.Now };
        turn.Project(Projections.Backfills, BackfillRow.KeyOf(name, backfill.Number), row);
        foreach (var request in backfill.Cancels)
        {
            turn.Reply(request, row);
        }
    }

    private static BackfillRow RowOf(PipelineName pipeline, RangeBackfill backfill) => new(
        pipeline, backfill.Number, backfill.Dates, backfill.Behavior, backfill.Backwards, backfill.MaxActive, backfill.State, backfill.Counts, backfill.At, EndedAt: null);

    private static PipelineState ApplyBackfill(PipelineState state, PipelineEntry entry) => entry switch
    {
        PipelineEntry.BackfillBegun begun => state with { Backfill = begun.Backfill, LastTriggerAt = begun.Backfill.At },
        PipelineEntry.BackfillPlanned planned => With(state, b => b with { State = RangeBackfillState.Running, Next = planned.Next, Request = null }) with
        {
            BackfillsMade = state.Backfill!.Number,
        },
        PipelineEntry.BackfillAsked asked => With(state, b => b with { Unanswered = b.Unanswered + asked.Count, Next = asked.Next }),
        PipelineEntry.BackfillHeard heard => With(state, b => b.With(heard.Date, heard.Wanted, state.Definition!.Schedule)),
        PipelineEntry.BackfillRunAsked asked => With(state, b => b with { Open = b.Open.Add(asked.Date), Next = asked.Next }),
        PipelineEntry.BackfillRunMade { Made: true } => With(state, b => b with { Counts = b.Counts with { Created = b.Counts.Created + 1 } }),
        PipelineEntry.BackfillRunMade passed => With(state, b => b with
        {
            Open = b.Open.Remove(passed.Date),
            Counts = b.Counts with { Planned = b.Counts.Planned - 1, Skipped = b.Counts.Skipped + 1 },
        }),
        PipelineEntry.BackfillRunEnded ended => With(state, b => b with { Open = b.Open.Remove(ended.Date), Counts = b.Counts.WithEnd(ended.Succeeded, 1) }),
        PipelineEntry.BackfillRunReopened reopened => With(state, b => b with { Open = b.Open.Add(reopened.Date), Counts = b.Counts.WithEnd(reopened.Succeeded, -1) }),
        PipelineEntry.BackfillSteered steered => With(state, b => b with
        {
            State = steered.State,
            Cancels = steered.Cancel is { } request ? b.Cancels.Add(request) : b.Cancels,
        }),
        PipelineEntry.BackfillOver => state with { Backfill = null },
        _ => ApplyClear(state, entry),
    };

    private static PipelineState With(PipelineState state, Func<RangeBackfill, RangeBackfill> change) => state with { Backfill = change(state.Backfill!) };
}
