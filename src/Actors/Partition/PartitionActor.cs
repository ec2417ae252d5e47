using System.Diagnostics;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Actors;

/// <summary>Owns one partition of one pipeline, and the runs of its date. Guarantees that at most one run holds it and one work runs under
/// the hold (invariant 1), that the last processed pin is the one of the work that succeeded (2), that a change it has seen stays late until a run
/// pinned at or above it succeeds (3), and that at most one live claim covers it (4).</summary>
public sealed partial class PartitionActor : Actor<PartitionState, PartitionMessage, PartitionEntry>
{
    /// <inheritdoc/>
    public override ActorKind Kind { get; } = new ActorKind.Sharded(ActorIds.PartitionKind);

    /// <inheritdoc/>
    public override PartitionState Initial(string key) => PartitionState.Empty;

    /// <inheritdoc/>
    public override void Handle(Turn<PartitionState, PartitionEntry> turn, PartitionMessage message)
    {
        var partition = new PartitionTurn(turn);
        var before = turn.State;
        Dispatch(partition, message);
        PartitionProjection.Project(partition, before);
    }

    /// <inheritdoc/>
    protected override PartitionMessage FromActivity(ActivityEnded ended) => new PartitionMessage.WorkEnded(ended);

    private static void Dispatch(PartitionTurn turn, PartitionMessage message)
    {
        switch (message)
        {
            case PartitionMessage.Changed or PartitionMessage.Baselined or PartitionMessage.AwaitData:
                DispatchData(turn, message);
                break;
            case PartitionMessage.Reserve or PartitionMessage.ReleaseClaim or PartitionMessage.TriggerBackfill:
                DispatchClaim(turn, message);
                break;
            case PartitionMessage.CreateRun create:
                CreateRun(turn, create);
                break;
            case PartitionMessage.ClearTasks clear:
                Clear(turn, clear);
                break;
            case PartitionMessage.MarkAsProcessing or PartitionMessage.MarkAsProcessed or PartitionMessage.CreateFromLate:
                DispatchExternal(turn, message);
                break;
            case PartitionMessage.BackfillAsked asked:
                turn.SendPipeline(new PipelineMessage.BackfillAnswered(asked.Number, turn.Date, WantsRun(turn.State, asked.Behavior)));
                break;
            case PartitionMessage.CreateBackfillRun create:
                CreateBackfillRun(turn, create);
                break;
            case PartitionMessage.CancelRun cancel:
                Cancel(turn, cancel);
                break;
            case PartitionMessage.Dismiss or PartitionMessage.Approve or PartitionMessage.Release:
                DispatchPerson(turn, message);
                break;
            case PartitionMessage.DeleteAsked or PartitionMessage.Forget or PartitionMessage.PartitionForgotten:
                DispatchDelete(turn, message);
                break;
            case PartitionMessage.AdoptAsked asked:
                AnswerAdoption(turn, asked);
                break;
            case PartitionMessage.Adopt adopt:
                Adopt(turn, adopt);
                break;
            case PartitionMessage.FailuresAsked asked:
                TellFailures(turn, asked);
                break;
            case PartitionMessage.WorkEnded ended:
                EndWork(turn, ended.Activity);
                break;
            default:
                DispatchAnswer(turn, message);
                break;
        }
    }

    private static void DispatchData(PartitionTurn turn, PartitionMessage message)
    {
        switch (message)
        {
            case PartitionMessage.Changed changed:
                Change(turn, changed);
                break;
            case PartitionMessage.Baselined baselined:
                Baseline(turn, baselined);
                break;
            case PartitionMessage.AwaitData await:
                AwaitData(turn, await);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private static void DispatchClaim(PartitionTurn turn, PartitionMessage message)
    {
        switch (message)
        {
            case PartitionMessage.Reserve reserve:
                Reserve(turn, reserve);
                break;
            case PartitionMessage.ReleaseClaim release:
                ReleaseClaim(turn, release.ClaimId);
                break;
            case PartitionMessage.TriggerBackfill trigger:
                TriggerBackfill(turn, trigger);
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>Answers that a run waits for: taken only in the step that asked, so that what a clear overtook changes nothing.</summary>
    private static void DispatchAnswer(PartitionTurn turn, PartitionMessage message)
    {
        switch (message)
        {
            case PartitionMessage.SlotGranted granted when turn.Awaiting(granted.Run, Wait.Slot, granted.Step) is { } run:
                turn.Record(new PartitionEntry.DefinitionSeen(granted.Definition));
                turn.Record(new PartitionEntry.SlotTaken(run.RunId));
                GoOnWithSlot(turn, turn.Run(run.RunId));
                break;
            case PartitionMessage.MarkReady ready when turn.Awaiting(ready.Run, Wait.MarkPredecessor, ready.Step) is { } run:
                EnterSection(turn, run);
                break;
            case PartitionMessage.MarkWaits waits when turn.Awaiting(waits.Run, Wait.MarkTurn, waits.Step) is { } run:
                WaitForMarkPredecessor(turn, run);
                break;
            case PartitionMessage.MarkTurn mark when turn.Awaiting(mark.Run, Wait.MarkTurn, mark.Step) is { } run:
                TakeHold(turn, run);
                break;
            case PartitionMessage.Pinned pinned when turn.Awaiting(pinned.Run, Wait.Pins, pinned.Step) is { } run:
                TakePin(turn, run, pinned);
                break;
            case PartitionMessage.PinFailed failed when turn.Awaiting(failed.Run, Wait.Pins, failed.Step) is { } run:
                FailPin(turn, run, failed.Reason);
                break;
            case PartitionMessage.DataMissing missing when turn.Awaiting(missing.Run, Wait.Data, missing.Step) is { } run:
                WaitForData(turn, run);
                break;
            case PartitionMessage.DataFound found when turn.Awaiting(found.Run, Wait.Data, found.Step) is { } run:
                FindData(turn, run);
                break;
            case PartitionMessage.RetryDue retry when turn.Awaiting(retry.Run, Wait.Retry, retry.Step) is { } run:
                Begin(turn, run);
                break;
            default:
                DispatchCreationAnswer(turn, message);
                break;
        }
    }

    private static void DispatchCreationAnswer(PartitionTurn turn, PartitionMessage message)
    {
        switch (message)
        {
            case PartitionMessage.CreationWaits waits when turn.Awaiting(waits.Run, Wait.Creation, waits.Step) is { } run:
                turn.Record(new PartitionEntry.TaskRescheduled(run.RunId, TaskKind.Creation, "waits for the creation of the date before"));
                turn.Record(new PartitionEntry.WaitChanged(run.RunId, Wait.CreationPredecessor));
                GiveSlotBack(turn, run);
                break;
            case PartitionMessage.CreationReady ready when turn.Awaiting(ready.Run, Wait.CreationPredecessor, ready.Step) is { } run:
                TakeSlot(turn, run);
                break;
            case PartitionMessage.Created created when turn.Awaiting(created.Run, Wait.Creation, created.Step) is { } run:
                EndCreation(turn, run, created.Claimed);
                break;
            case PartitionMessage.CreationFailed failed when turn.Awaiting(failed.Run, Wait.Creation, failed.Step) is { } run:
                Fail(turn, run, TaskKind.Creation, failed.Reason);
                break;
            case PartitionMessage.BackfillTriggered triggered when turn.Awaiting(triggered.Run, Wait.Triggers, triggered.Step) is { } run:
                ConfirmTrigger(turn, run, triggered.Date);
                break;
            case PartitionMessage.Created created when turn.State.Creations?.Find(created.Run) is { IsOpen: true } creation && creation.Step == created.Step:
                EndExternalCreation(turn, creation, created.Claimed);
                break;
            case PartitionMessage.CreationFailed failed when turn.State.Creations?.Find(failed.Run) is { IsOpen: true } creation && creation.Step == failed.Step:
                FailExternalCreation(turn, creation, failed.Reason);
                break;
            default:
                // An answer to a step that a clear or the run's end has overtaken.
                break;
        }
    }
}
