using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Actors;

/// <content>Marking, waiting for data, working: what happens under the hold.</content>
public sealed partial class PartitionActor
{
    private static void BeginMark(PartitionTurn turn, DagRun run)
    {
        if (run.Kind == RunKind.Scheduled && turn.State.Section != run.RunId)
        {
            RequestMark(turn, run, Wait.MarkPredecessor);
        }
        else
        {
            EnterSection(turn, run);
        }
    }

    private static void RequestMark(PartitionTurn turn, DagRun run, Wait wait)
    {
        var step = turn.NextStep(run.RunId, wait);
        var predecessor = run.Kind == RunKind.Scheduled ? turn.Definition.PredecessorOf(turn.Date) : null;
        turn.SendMarking(new MarkingMessage.MarkRequested(
            turn.Date, run.RunId, run.Kind, step, run.ClearNumber, predecessor, turn.Definition.Schedule, HasSlot: wait == Wait.MarkTurn));
    }

    private static void AskForMarkTurn(PartitionTurn turn, DagRun run) => RequestMark(turn, run, Wait.MarkTurn);

    private static void WaitForMarkPredecessor(PartitionTurn turn, DagRun run)
    {
        turn.Record(new PartitionEntry.TaskRescheduled(run.RunId, TaskKind.Mark, "waits for the mark of the date before"));
        turn.Record(new PartitionEntry.WaitChanged(run.RunId, Wait.MarkPredecessor));
        LeaveSection(turn, run);
        GiveSlotBack(turn, turn.Run(run.RunId));
    }

    private static void EnterSection(PartitionTurn turn, DagRun run)
    {
        if (turn.State.Section is { } other && other != run.RunId)
        {
            turn.Record(new PartitionEntry.TaskRescheduled(run.RunId, TaskKind.Mark, $"waits for {other}, which holds the partition"));
            turn.Record(new PartitionEntry.SectionQueued(run.RunId));
            turn.NextStep(run.RunId, Wait.Section);
            GiveSlotBack(turn, run);
            return;
        }

        turn.Record(new PartitionEntry.SectionEntered(run.RunId));
        TakeSlot(turn, run);
    }

    /// <summary>Gives up the hold, or the place on the way to it; the next run that waits here goes on.</summary>
    private static void LeaveSection(PartitionTurn turn, DagRun run)
    {
        if (turn.State.Section != run.RunId && !turn.State.SectionQueue.Contains(run.RunId))
        {
            return;
        }

        var wasIn = turn.State.Section == run.RunId;
        turn.Record(new PartitionEntry.SectionLeft(run.RunId));
        if (wasIn && !turn.State.SectionQueue.IsEmpty)
        {
            // The marking singleton looks at the date before it again: that mark may have been cleared meanwhile.
            var next = turn.Run(turn.State.SectionQueue[0]);
            turn.Record(new PartitionEntry.SectionEntered(next.RunId));
            TakeSlot(turn, next);
        }
    }

    private static void TakeHold(PartitionTurn turn, DagRun run)
    {
        Start(turn, run, TaskKind.Mark);

        // By the clock, so that it is above what tables carry also where this state was lost, or restored from before they were written.
        var number = Math.Max(turn.State.HoldNumber + 1, turn.Now.ToUnixTimeMilliseconds());
        turn.Record(new PartitionEntry.Held(run.RunId, run.Task(TaskKind.Mark).Try, number));
        AskForPins(turn, run);
    }

    private static void AskForPins(PartitionTurn turn, DagRun run)
    {
        var step = turn.NextStep(run.RunId, Wait.Pins);
        turn.Record(new PartitionEntry.PinBegun(run.RunId, [.. turn.Definition.Inputs.Select(i => i.Table)]));
        foreach (var input in turn.Definition.Inputs)
        {
            turn.Send(ActorIds.Watcher(input.Table), new WatcherMessage.PinRequested(turn.Self, run.RunId, step));
        }
    }

    private static void TakePin(PartitionTurn turn, DagRun run, PartitionMessage.Pinned pinned)
    {
        turn.Record(new PartitionEntry.PinTaken(run.RunId, pinned.Table, pinned.Pin));
        run = turn.Run(run.RunId);
        if (!run.Unpinned.IsEmpty)
        {
            return;
        }

        if (run.Current == TaskKind.Mark)
        {
            BindClaim(turn, run);
            turn.SendMarking(new MarkingMessage.MarkEnded(turn.Date, run.RunId, run.Kind, run.ClearNumber, Succeeded: true));
            if (run.Kind == RunKind.Scheduled)
            {
                turn.SendPipeline(new PipelineMessage.ScheduledMarked(turn.Date));
            }
        }

        if (run.Kind == RunKind.External)
        {
            EndExternalMark(turn, run);
            return;
        }

        Succeed(turn, run, run.Current!.Value);
    }

    private static void FailPin(PartitionTurn turn, DagRun run, string reason)
    {
        var task = run.Current!.Value;
        if (task == TaskKind.Mark)
        {
            turn.SendMarking(new MarkingMessage.MarkEnded(turn.Date, run.RunId, run.Kind, run.ClearNumber, Succeeded: false));
        }

        if (run.Kind == RunKind.External)
        {
            FailExternalMark(turn, run, reason);
            return;
        }

        Fail(turn, run, task, reason);
    }

    private static void LookForData(PartitionTurn turn, DagRun run)
    {
        Start(turn, run, TaskKind.Sensor);
        var step = turn.NextStep(run.RunId, Wait.Data);
        var next = turn.Definition.Schedule.Next(turn.Date);
        turn.Send(ActorIds.Partition(turn.Pipeline, next), new PartitionMessage.AwaitData(turn.Definition.Primary.Table, turn.Date, run.RunId, step));
    }

    private static void WaitForData(PartitionTurn turn, DagRun run)
    {
        var next = turn.Definition.Primary.PartitionOf(turn.Definition.Schedule.Next(turn.Date));
        turn.Record(new PartitionEntry.SensorWaited(run.RunId));
        turn.Record(new PartitionEntry.TaskRescheduled(run.RunId, TaskKind.Sensor, $"waits for data in {next}"));
        GiveSlotBack(turn, run);
    }

    private static void FindData(PartitionTurn turn, DagRun run)
    {
        // One that waited pins anew: what arrived meanwhile belongs to it, or every live date would be late by construction.
        if (!run.SensorWaited)
        {
            Succeed(turn, run, TaskKind.Sensor);
        }
        else if (run.HasSlot)
        {
            AskForPins(turn, run);
        }
        else
        {
            TakeSlot(turn, run);
        }
    }

    private static void BeginWork(PartitionTurn turn, DagRun run)
    {
        Start(turn, run, TaskKind.Work);
        run = turn.Run(run.RunId);
        turn.NextStep(run.RunId, Wait.Work);
        turn.Start(WorkId(run), RunWork.Kind, new RunWork(
            turn.Definition, turn.Date, run.RunId, run.Task(TaskKind.Work).Try, run.Pin, run.HoldNumber,
            $"{turn.Pipeline}/{turn.Definition.Schedule.NameOf(turn.Date)}/{run.RunId}/{run.HoldNumber}"));
    }

    private static string WorkId(DagRun run) => $"work/{run.RunId}/{run.Task(TaskKind.Work).Try}";

    private static void EndWork(PartitionTurn turn, ActivityEnded activity)
    {
        if (turn.State.Runs.Find(r => r.Wait == Wait.Work && WorkId(r) == activity.Id) is not { } run)
        {
            return;
        }

        if (run.Cancelling is not null)
        {
            FinishCancel(turn, run);
        }
        else if (run.Clearing is { } clear)
        {
            FinishClear(turn, run, clear);
        }
        else if (activity.Outcome == ActivityOutcome.Completed)
        {
            Succeed(turn, run, TaskKind.Work, note: activity.OutputAs<WorkReport>().Note);
        }
        else
        {
            Fail(turn, run, TaskKind.Work, activity.Error ?? "the work was stopped");
        }
    }

    private static void MarkProcessed(PartitionTurn turn, DagRun run)
    {
        Start(turn, run, TaskKind.MarkProcessed);
        turn.Record(new PartitionEntry.Processed(run.RunId, run.Pin));
        LeaveSection(turn, run);
        ReportLatenessIfChanged(turn);
        Succeed(turn, turn.Run(run.RunId), TaskKind.MarkProcessed);
    }
}
