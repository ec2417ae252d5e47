using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Actors;

/// <content>Cancelling: the work is stopped first, then hold, slot and claim are free. The order of dates goes on as if the run had failed: a mark that is not
/// done stays so, a creation counts as ended.</content>
public sealed partial class PartitionActor
{
    private static void Cancel(PartitionTurn turn, PartitionMessage.CancelRun cancel)
    {
        if (turn.State.Find(cancel.Run) is not { IsOpen: true, Kind: not RunKind.External } run)
        {
            RefuseCancel(turn, cancel, turn.State.Find(cancel.Run));
            return;
        }

        var stops = run.Cancelling is null;
        turn.Record(new PartitionEntry.CancelRequested(run.RunId, cancel.Request));
        if (run.Wait != Wait.Work)
        {
            FinishCancel(turn, turn.Run(run.RunId));
        }
        else if (stops)
        {
            // The hold is kept until the work is confirmed to have ended.
            turn.Cancel(WorkId(run));
        }
    }

    private static void RefuseCancel(PartitionTurn turn, PartitionMessage.CancelRun cancel, DagRun? run)
    {
        if (cancel.Request is not { } request)
        {
            return;
        }

        if (run is null)
        {
            turn.Refuse(request, ReplyStatus.NotFound, $"There is no run {cancel.Run} of {turn.Pipeline} for {turn.Date}, or it ended long ago.");
        }
        else if (run.Kind == RunKind.External)
        {
            turn.Refuse(request, ReplyStatus.FailedPrecondition, $"{run.RunId} is run by something else: stop it there, and release its partition.");
        }
        else
        {
            turn.Refuse(request, ReplyStatus.FailedPrecondition, $"{run.RunId} of {turn.Pipeline} has ended already: {run.State.ToString().ToLowerInvariant()}.");
        }
    }

    private static void FinishCancel(PartitionTurn turn, DagRun run)
    {
        var (cancel, clearAfter) = (run.Cancelling!, run.Clearing);
        Abandon(turn, run);
        if (cancel.AfterClear is { } before)
        {
            turn.Record(new PartitionEntry.TasksCleared(run.RunId, before.Tasks, before.Number));
        }

        EndRun(turn, turn.Run(run.RunId), RunState.Cancelled);
        run = turn.Run(run.RunId);
        foreach (var request in cancel.Requests)
        {
            turn.Reply(request, PartitionProjection.RowOf(turn, run));
        }

        if (clearAfter is not null)
        {
            FinishClear(turn, run, clearAfter);
        }
    }
}
