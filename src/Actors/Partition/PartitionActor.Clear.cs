using System.Collections.Immutable;
using Latecomer.Contracts;

namespace Latecomer.Actors;

/// <content>Clearing: tasks run again, and what was under way is stopped first.</content>
public sealed partial class PartitionActor
{
    private static void Clear(PartitionTurn turn, PartitionMessage.ClearTasks clear)
    {
        if (turn.State.Find(clear.Run) is not { } run)
        {
            turn.SendPipeline(new PipelineMessage.TasksCleared(clear.Number, Found: false, Reopened: false));
            return;
        }

        if (run.Kind == RunKind.External)
        {
            turn.SendPipeline(new PipelineMessage.TasksCleared(clear.Number, Found: true, Reopened: false, $"{run.RunId} is run by something else: clear it there."));
            return;
        }

        turn.Record(new PartitionEntry.DefinitionSeen(clear.Definition));
        turn.SendPipeline(new PipelineMessage.TasksCleared(
            clear.Number, Found: true, Reopened: !run.IsOpen || run is { Cancelling: not null, Clearing: null }, Refusal: null, run.Backfill, run.State == RunState.Success));
        var pending = run.Clearing is { } earlier
            ? new PendingClear(earlier.Tasks.Union(clear.Tasks), Math.Max(earlier.Number, clear.Number))
            : new PendingClear(clear.Tasks, clear.Number);
        if (run.Cancelling is not null)
        {
            // The run ends first, cancelled, and is then cleared as one that has ended.
            turn.Record(new PartitionEntry.ClearRequested(run.RunId, pending));
        }
        else if (run.IsOpen && run.Current is { } current && clear.Tasks.All(t => t > current))
        {
            var begun = clear.Tasks.Any(t => run.Task(t).State != TaskState.None);
            turn.Record(begun
                ? new PartitionEntry.LaterTasksCleared(run.RunId, clear.Tasks, clear.Number)
                : new PartitionEntry.ClearSeen(run.RunId, clear.Number));
        }
        else if (run.Wait == Wait.Work)
        {
            // The hold is kept until the work is confirmed to have ended.
            turn.Record(new PartitionEntry.ClearRequested(run.RunId, pending));
            turn.Cancel(WorkId(run));
        }
        else
        {
            FinishClear(turn, run, pending);
        }
    }

    /// <summary>What did not come to a good end in a run that has ended; an open run may yet.</summary>
    private static void TellFailures(PartitionTurn turn, PartitionMessage.FailuresAsked asked)
    {
        var run = turn.State.Find(asked.Run);
        var failed = run is null || run.IsOpen
            ? []
            : run.Tasks.Where(t => asked.Tasks.Contains(t.Task) && t.State is not (TaskState.Success or TaskState.Skipped)).Select(t => t.Task).ToImmutableSortedSet();
        turn.SendPipeline(new PipelineMessage.FailuresFound(asked.Number, turn.Date, run is not null, Tasks.WithUnderHold(failed)));
    }

    private static void FinishClear(PartitionTurn turn, DagRun run, PendingClear clear)
    {
        Abandon(turn, run);
        turn.Record(new PartitionEntry.TasksCleared(run.RunId, clear.Tasks, clear.Number));
        Begin(turn, turn.Run(run.RunId));
    }

    /// <summary>Takes back what the run has asked of others.</summary>
    private static void Abandon(PartitionTurn turn, DagRun run)
    {
        if (!run.IsOpen)
        {
            return;
        }

        if (run.Current == TaskKind.Mark)
        {
            turn.SendMarking(new MarkingMessage.MarkAbandoned(run.RunId));
        }

        if (run.Wait is Wait.Creation or Wait.CreationPredecessor)
        {
            turn.SendBackfill(new BackfillMessage.CreationAbandoned(run.RunId, run.Step));
        }

        if (run.Wait == Wait.Retry)
        {
            turn.CancelTimer(RetryTimer(run));
        }

        // A run that marks again keeps no hold: it takes its place behind those that wait for the partition already.
        LeaveSection(turn, run);
        GiveSlotBack(turn, turn.Run(run.RunId));
    }
}
