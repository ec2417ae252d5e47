using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Actors;

/// <content>Deleting: whoever tells anything to a part of the pipeline is asked to stop, in an order in which nobody can say a word after they have; each step is stored before
/// the next. What is left is the number of the generation, and those that name things which are never to be named again.</content>
public sealed partial class PipelineActor
{
    private const int DatesPerTurn = 100;
    private const int RowsPerTurn = 500;

    /// <summary>Each date that forgets answers straight, and by way of both singletons and of the next date.</summary>
    private const int AnswersOfDate = 4;

    private static void HandleDelete(Turn<PipelineState, PipelineEntry> turn, PipelineMessage message)
    {
        switch (message)
        {
            case PipelineMessage.Delete delete:
                Delete(turn, delete.Request);
                break;
            case PipelineMessage.DeleteAnswered { Hindrance: { } hindrance } answered when turn.State.Deleting is { } deleting && deleting.Number == answered.Number:
                turn.Refuse(deleting.Request, ReplyStatus.FailedPrecondition, $"{turn.Self.Key} cannot be deleted: {hindrance}");
                turn.Record(new PipelineEntry.DeleteRefused());
                break;
            case PipelineMessage.DeleteAnswered answered when turn.State.Deleting?.Number == answered.Number:
                turn.Record(new PipelineEntry.DeleteHeard());
                break;
            case PipelineMessage.Unsubscribed or PipelineMessage.PartitionForgotten or PipelineMessage.PartForgotten when turn.State.Deleting is not null:
                turn.Record(new PipelineEntry.DeleteHeard());
                break;
            case PipelineMessage.DeleteAnswered or PipelineMessage.Unsubscribed or PipelineMessage.PartitionForgotten or PipelineMessage.PartForgotten:
                // The answer to a deletion that was refused.
                break;
            case PipelineMessage.RowsListed listed when turn.State.Deleting is { } deleting && listed.Activity.Id == ListId(deleting):
                TakeRows(turn, deleting, listed.Activity);
                break;
            case PipelineMessage.RowsListed:
                break;
            default:
                HandleClear(turn, message);
                break;
        }
    }

    private static void Delete(Turn<PipelineState, PipelineEntry> turn, RequestId request)
    {
        if (turn.State.Definition is not { } definition)
        {
            turn.Refuse(request, ReplyStatus.NotFound, $"There is no pipeline {turn.Self.Key}.");
        }
        else if (Hindrance(turn.State, definition.Name) is { } hindrance)
        {
            turn.Refuse(request, ReplyStatus.FailedPrecondition, hindrance);
        }
        else
        {
            turn.Record(new PipelineEntry.DeleteWent(new Deletion(turn.State.Deletions + 1, request, DeleteStep.Asking, definition.Start, 0, 0)));
        }
    }

    private static string? Hindrance(PipelineState state, PipelineName name)
    {
        const int named = 5;
        var active = string.Join(", ", state.Slots.Take(named).Select(s => s.Run));
        var more = state.Slots.Count > named ? $" and {state.Slots.Count - named} more" : "";
        return state switch
        {
            { Paused: false } => $"{name} is not paused: pause it, let its runs end or cancel them, and delete it then.",
            { Slots.IsEmpty: false } => $"Runs of {name} are active: {active}{more}. Wait for their end, or cancel them.",
            { Backfill: { } backfill } => $"The backfill {backfill.Number} of {name} is active: cancel it.",
            { Clears.IsEmpty: false } or { Applying.IsEmpty: false } or { Adopting: not null } => $"{name} is being changed by another request: ask again.",
            _ => null,
        };
    }

    /// <summary>Does what is due once all answers have come.</summary>
    private static void GoOnWithDelete(Turn<PipelineState, PipelineEntry> turn)
    {
        if (turn.State is not { Definition: { } definition, Deleting: { Waiting: 0 } deleting })
        {
            return;
        }

        switch (deleting.Step)
        {
            case DeleteStep.Asking or DeleteStep.Dates when deleting.Next is { } next:
                TellRange(turn, definition, deleting, next);
                break;
            case DeleteStep.Asking:
                List(turn, deleting with { Step = DeleteStep.AskingOthers, After = $"{definition.Name}/{LastDate(turn.State)}" });
                break;
            case DeleteStep.Tables:
                Go(turn, deleting with { Step = DeleteStep.Dates, Next = definition.Start });
                TellRange(turn, definition, turn.State.Deleting!, definition.Start);
                break;
            case DeleteStep.Dates:
                List(turn, deleting with { Step = DeleteStep.OtherDates, After = null });
                break;
            case DeleteStep.AskingOthers or DeleteStep.OtherDates:
                List(turn, deleting);
                break;
            case DeleteStep.Singletons:
                Go(turn, deleting with { Step = DeleteStep.Folder, Waiting = 1 });
                turn.Send(ActorIds.Folder(definition.ConfigurationFolder), new ConfigurationFolderMessage.Release(definition.Name));
                break;
            case DeleteStep.Folder:
                List(turn, deleting with { Step = DeleteStep.Runs });
                break;
        }
    }

    private static void Go(Turn<PipelineState, PipelineEntry> turn, Deletion deleting) => turn.Record(new PipelineEntry.DeleteWent(deleting));

    /// <summary>The last date that may have a run, or wait for data for one.</summary>
    private static LogicalDate LastDate(PipelineState state)
    {
        var (next, schedule) = (state.NextDate!.Value, state.Definition!.Schedule);
        return state.PassedThrough is { } passed && schedule.Next(passed) > next ? schedule.Next(passed) : next;
    }

    private static void TellRange(Turn<PipelineState, PipelineEntry> turn, PipelineDefinition definition, Deletion deleting, LogicalDate next)
    {
        var last = LastDate(turn.State);
        var dates = new DateRange(next, last).Dates(definition.Schedule).Take(DatesPerTurn).ToList();
        var following = definition.Schedule.Next(dates[^1]);
        Tell(turn, deleting with { Next = following > last ? null : following }, dates);
    }

    private static void Tell(Turn<PipelineState, PipelineEntry> turn, Deletion deleting, IReadOnlyList<LogicalDate> dates)
    {
        var asks = deleting.Step is DeleteStep.Asking or DeleteStep.AskingOthers;
        Go(turn, deleting with { Waiting = dates.Count * (asks ? 1 : AnswersOfDate) });
        foreach (var date in dates)
        {
            turn.Send(ActorIds.Partition(turn.State.Definition!.Name, date), asks
                ? new PartitionMessage.DeleteAsked(deleting.Number)
                : new PartitionMessage.Forget(turn.State.Generation + 1, turn.State.Definition!.Schedule));
        }
    }

    private static string ListId(Deletion deleting) => $"list/{deleting.Number}/{deleting.Reads}";

    /// <summary>Lists keys of rows. Until the list is there, that is what is awaited.</summary>
    private static void List(Turn<PipelineState, PipelineEntry> turn, Deletion deleting)
    {
        var next = deleting with { Reads = deleting.Reads + 1, Waiting = 1 };
        Go(turn, next);
        turn.Start(ListId(next), ListRows.Kind, new ListRows(
            ProjectionOf(next.Step), $"{turn.Self.Key}/", next.After, next.Step is DeleteStep.AskingOthers or DeleteStep.OtherDates ? DatesPerTurn : RowsPerTurn));
    }

    private static string ProjectionOf(DeleteStep step) => step switch
    {
        DeleteStep.AskingOthers or DeleteStep.OtherDates => Projections.Partitions,
        DeleteStep.Runs => Projections.Runs,
        DeleteStep.Tries => Projections.Tries,
        DeleteStep.Creations => Projections.Creations,
        _ => Projections.Backfills,
    };

    private static void TakeRows(Turn<PipelineState, PipelineEntry> turn, Deletion deleting, ActivityEnded activity)
    {
        if (activity.Outcome != ActivityOutcome.Completed)
        {
            List(turn, deleting);
            return;
        }

        var keys = activity.OutputAs<ListedRows>().Keys;
        switch (deleting.Step)
        {
            case DeleteStep.AskingOthers or DeleteStep.OtherDates when !keys.IsEmpty:
                Tell(turn, deleting with { After = deleting.Step == DeleteStep.AskingOthers ? keys[^1] : null }, [.. keys.Select(k => ActorIds.PartitionOf(k).Date)]);
                break;
            case DeleteStep.AskingOthers:
                Unsubscribe(turn, deleting);
                break;
            case DeleteStep.OtherDates:
                Go(turn, deleting with { Step = DeleteStep.Singletons, Waiting = 2, After = null });
                turn.Send(ActorIds.Marking(turn.State.Definition!.Name), new MarkingMessage.Forget());
                turn.Send(ActorIds.Backfill(turn.State.Definition!.Name), new BackfillMessage.Forget());
                break;
            default:
                RemoveRows(turn, deleting, keys);
                break;
        }
    }

    private static void Unsubscribe(Turn<PipelineState, PipelineEntry> turn, Deletion deleting)
    {
        var definition = turn.State.Definition!;
        Go(turn, deleting with { Step = DeleteStep.Tables, Waiting = definition.Inputs.Length, After = null });
        foreach (var input in definition.Inputs)
        {
            turn.Send(ActorIds.Watcher(input.Table), new WatcherMessage.Unsubscribe(definition.Name));
        }
    }

    private static void RemoveRows(Turn<PipelineState, PipelineEntry> turn, Deletion deleting, IReadOnlyCollection<string> keys)
    {
        foreach (var key in keys)
        {
            turn.Unproject(ProjectionOf(deleting.Step), key);
        }

        if (keys.Count > 0 || deleting.Step != DeleteStep.Backfills)
        {
            List(turn, keys.Count > 0 ? deleting : deleting with { Step = deleting.Step + 1 });
            return;
        }

        turn.Record(new PipelineEntry.Deleted(turn.State.Generation + 1));
        turn.CancelTimer("schedule");
        turn.Unproject(Projections.Pipelines, turn.Self.Key);
        turn.Reply(deleting.Request, new DeleteReply());
    }

    private static PipelineState ApplyDeletion(PipelineState state, PipelineEntry entry) => entry switch
    {
        PipelineEntry.PassedOn passed => state with { PassedThrough = passed.Date },
        PipelineEntry.DeleteWent went => state with { Deleting = went.Deletion, Deletions = went.Deletion.Number },
        PipelineEntry.DeleteHeard => state with { Deleting = state.Deleting! with { Waiting = state.Deleting.Waiting - 1 } },
        PipelineEntry.DeleteRefused => state with { Deleting = null },
        PipelineEntry.Deleted deleted => PipelineState.Empty with
        {
            ClearNumber = state.ClearNumber,
            LastTriggerAt = state.LastTriggerAt,
            BackfillsMade = state.BackfillsMade,
            Adoptions = state.Adoptions,
            Deletions = state.Deletions,
            Generation = deleted.Generation,
        },
        _ => ApplyBackfill(state, entry),
    };
}
