using System.Diagnostics;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Actors;

/// <content>How a run goes from task to task, and ends.</content>
public sealed partial class PartitionActor
{
    private static void CreateRun(PartitionTurn turn, PartitionMessage.CreateRun create)
    {
        if (turn.State.OpenRuns.Count() >= PartitionState.MostOpenRuns && create.Request is { } full)
        {
            turn.Refuse(full, ReplyStatus.FailedPrecondition, $"{turn.Definition.Schedule.NameOf(turn.Date)} has {PartitionState.MostOpenRuns} open runs already; wait for one to end.");
            return;
        }

        turn.Record(new PartitionEntry.DefinitionSeen(create.Definition));
        turn.Record(new PartitionEntry.RunCreated(create.Run, create.Kind, turn.Now));
        if (create.Request is { } request)
        {
            turn.Reply(request, new TriggerReply(create.Run, turn.Date));
        }

        Begin(turn, turn.Run(create.Run));
    }

    /// <summary>Begins the first task that is not done, in a new try; or ends the run if all are.</summary>
    private static void Begin(PartitionTurn turn, DagRun run)
    {
        if (run.Current is not { } task)
        {
            EndRun(turn, run, RunState.Success);
            return;
        }

        if (run.Task(task).State is TaskState.Failed or TaskState.Cancelled)
        {
            // Tasks after it were cleared, but not the one that failed, or was cancelled: it has no hold to work under, and what needs it cannot run.
            EndRun(turn, run, run.Task(task).State == TaskState.Failed ? RunState.Failed : RunState.Cancelled);
            return;
        }

        turn.Record(new PartitionEntry.TaskQueued(run.RunId, task));
        switch (task)
        {
            case TaskKind.Mark:
                BeginMark(turn, run);
                break;
            case TaskKind.Sensor or TaskKind.Work or TaskKind.Creation:
                TakeSlot(turn, run);
                break;
            case TaskKind.MarkProcessed:
                MarkProcessed(turn, run);
                break;
            case TaskKind.Arguments:
                // The entries follow from the claim (a date, and the id that the run of that date gets): there is nothing to wait for.
                Start(turn, run, TaskKind.Arguments);
                Succeed(turn, run, TaskKind.Arguments);
                break;
            case TaskKind.Trigger:
                Trigger(turn, run);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private static void Start(PartitionTurn turn, DagRun run, TaskKind task) =>
        turn.Record(new PartitionEntry.TaskStarted(run.RunId, task, turn.Now));

    private static void Succeed(PartitionTurn turn, DagRun run, TaskKind task, TaskState state = TaskState.Success, string? note = null)
    {
        turn.Record(new PartitionEntry.TaskEnded(run.RunId, task, state, turn.Now, note));
        Begin(turn, turn.Run(run.RunId));
    }

    /// <summary>Ends a try: another follows after the delay, or the run has failed.</summary>
    private static void Fail(PartitionTurn turn, DagRun run, TaskKind task, string reason)
    {
        var instance = run.Task(task);
        if (instance.Try - instance.TriesBefore <= turn.Definition.Retries)
        {
            turn.Record(new PartitionEntry.TaskEnded(run.RunId, task, TaskState.UpForRetry, turn.Now, reason));
            var step = turn.NextStep(run.RunId, Wait.Retry);
            turn.SetTimer(RetryTimer(run), turn.Now + turn.Definition.RetryDelay, new PartitionMessage.RetryDue(run.RunId, step));
            return;
        }

        turn.Record(new PartitionEntry.TaskEnded(run.RunId, task, TaskState.Failed, turn.Now, reason));
        EndRun(turn, turn.Run(run.RunId), RunState.Failed);
    }

    private static void EndRun(PartitionTurn turn, DagRun run, RunState state)
    {
        LeaveSection(turn, run);
        GiveSlotBack(turn, run);
        ReleaseUntriggered(turn, run);
        turn.Record(new PartitionEntry.RunEnded(run.RunId, state, turn.Now));
        if (run.Kind == RunKind.Scheduled && run.Task(TaskKind.Creation).State != TaskState.Success)
        {
            turn.SendBackfill(new BackfillMessage.CreationSkipped(turn.Date, run.ClearNumber, turn.Definition.Schedule));
        }

        if (turn.State.Claim is { } claim && claim.Run == run.RunId)
        {
            turn.Record(new PartitionEntry.ClaimOver(claim.Id, state == RunState.Success));
            turn.SendBackfill(new BackfillMessage.ClaimOver(turn.Date, claim.Id, turn.State.IsLate));
        }

        if (run.Kind != RunKind.External)
        {
            turn.SendPipeline(new PipelineMessage.RunEnded(run.RunId, run.Kind, turn.Date, state, run.Backfill));
        }
    }

    private static string RetryTimer(DagRun run) => $"retry/{run.RunId}";

    private static void TakeSlot(PartitionTurn turn, DagRun run)
    {
        if (run.HasSlot)
        {
            GoOnWithSlot(turn, run);
            return;
        }

        var step = turn.NextStep(run.RunId, Wait.Slot);
        turn.SendPipeline(new PipelineMessage.SlotRequested(turn.Date, run.RunId, run.Kind, step));
    }

    private static void GoOnWithSlot(PartitionTurn turn, DagRun run)
    {
        switch (run.Current)
        {
            case TaskKind.Mark:
                AskForMarkTurn(turn, run);
                break;
            case TaskKind.Sensor when run.Task(TaskKind.Sensor).State == TaskState.UpForReschedule:
                Start(turn, run, TaskKind.Sensor);
                AskForPins(turn, run);
                break;
            case TaskKind.Sensor:
                LookForData(turn, run);
                break;
            case TaskKind.Work:
                BeginWork(turn, run);
                break;
            case TaskKind.Creation:
                AskForCreation(turn, run);
                break;
            default:
                throw new UnreachableException($"{run.RunId} was given a slot for {run.Current}.");
        }
    }

    private static void GiveSlotBack(PartitionTurn turn, DagRun run)
    {
        if (run.HasSlot)
        {
            turn.Record(new PartitionEntry.SlotGivenBack(run.RunId));
        }

        if (run.HasSlot || run.Wait == Wait.Slot)
        {
            turn.SendPipeline(new PipelineMessage.SlotReleased(run.RunId));
        }
    }
}
