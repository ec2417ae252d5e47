using System.Diagnostics;
using Latecomer.Contracts;

namespace Latecomer.Actors;

/// <content>Creating backfills of earlier partitions, and being the partition that is claimed.</content>
public sealed partial class PartitionActor
{
    private static void AskForCreation(PartitionTurn turn, DagRun run)
    {
        Start(turn, run, TaskKind.Creation);
        var step = turn.NextStep(run.RunId, Wait.Creation);
        turn.SendBackfill(new BackfillMessage.CreationRequested(
            turn.Date, run.RunId, run.Kind, step, run.Task(TaskKind.Creation).Try, run.ClearNumber, turn.Definition));
    }

    private static void EndCreation(PartitionTurn turn, DagRun run, ClaimedPartitions claimed)
    {
        turn.Record(new PartitionEntry.ClaimsReceived(run.RunId, claimed));
        turn.Project(Projections.Creations, RunKey(turn, run), new CreationRow(
            turn.Pipeline, turn.Date, run.RunId, claimed.ClaimId, claimed.Dates, ConfigurationFile.NameOf(turn.Definition, turn.Date), turn.Now));
        Succeed(turn, turn.Run(run.RunId), TaskKind.Creation);
    }

    private static string RunKey(PartitionTurn turn, DagRun run) => $"{turn.Pipeline}/{turn.Date}/{run.RunId}";

    private static void Trigger(PartitionTurn turn, DagRun run)
    {
        if (run.Claimed is not { Dates.IsEmpty: false } claimed)
        {
            Succeed(turn, run, TaskKind.Trigger, TaskState.Skipped);
            return;
        }

        Start(turn, run, TaskKind.Trigger);
        var step = turn.NextStep(run.RunId, Wait.Triggers);
        foreach (var date in run.Untriggered)
        {
            var triggered = RunId.Backfill(date, turn.Date, claimed.At, turn.Definition.Schedule);
            turn.Send(ActorIds.Partition(turn.Pipeline, date), new PartitionMessage.TriggerBackfill(
                claimed.ClaimId, triggered, turn.Date, run.RunId, step, turn.Definition));
        }

        if (run.Untriggered.IsEmpty)
        {
            Succeed(turn, turn.Run(run.RunId), TaskKind.Trigger);
        }
    }

    private static void ConfirmTrigger(PartitionTurn turn, DagRun run, LogicalDate date)
    {
        turn.Record(new PartitionEntry.TriggerConfirmed(run.RunId, date));
        run = turn.Run(run.RunId);
        if (run.Untriggered.IsEmpty)
        {
            Succeed(turn, run, TaskKind.Trigger);
        }
    }

    /// <summary>Accepts a claim only if it would do something that nothing else does already.</summary>
    private static void Reserve(PartitionTurn turn, PartitionMessage.Reserve reserve)
    {
        var refusal = turn.State switch
        {
            { IsLate: false } => "it is not late",
            { Claim: { } claim } => $"it is claimed by {claim.CreatedBy}",
            _ when turn.State.OpenRuns.FirstOrDefault() is { } open => $"{open.RunId} is about to process it",
            { FailedClaims: >= PartitionState.MostFailedClaims } => $"{turn.State.FailedClaims} backfills of it have failed: a person has to approve another",
            _ when turn.State.LateRows < reserve.MinRows => $"only {turn.State.LateRows} rows came late, fewer than minRows {reserve.MinRows}",
            _ => null,
        };
        turn.Record(refusal is null
            ? new PartitionEntry.Reserved(reserve.ClaimId, reserve.CreatedBy, reserve.External is true ? reserve.By : null)
            : new PartitionEntry.ReserveRefused(reserve.ClaimId, reserve.CreatedBy, refusal));

        turn.SendBackfill(new BackfillMessage.ReserveAnswered(reserve.ClaimId, turn.Date, refusal));
    }

    private static void ReleaseClaim(PartitionTurn turn, string claimId)
    {
        if (turn.State.Claim is { Run: null } claim && claim.Id == claimId)
        {
            turn.Record(new PartitionEntry.ClaimOver(claimId, Succeeded: null));
            turn.SendBackfill(new BackfillMessage.ClaimOver(turn.Date, claimId, turn.State.IsLate));
        }
        else if (turn.State.Claim is { For: { } date } kept && kept.Id == claimId)
        {
            turn.SendBackfill(new BackfillMessage.ClaimKept(turn.Date, claimId, kept.CreatedBy, date));
        }
    }

    /// <summary>A claim for runs of something else is that of whoever marks first: who triggers which is not for us to know.</summary>
    private static void BindClaim(PartitionTurn turn, DagRun run)
    {
        if (turn.State.Claim is { Run: null, For: not null } claim)
        {
            turn.Record(new PartitionEntry.ClaimBound(claim.Id, run.RunId));
        }
    }

    /// <summary>What a run claimed and did not trigger, as when its creation alone was cleared, is free again.</summary>
    private static void ReleaseUntriggered(PartitionTurn turn, DagRun run)
    {
        foreach (var date in run.Untriggered)
        {
            turn.Send(ActorIds.Partition(turn.Pipeline, date), new PartitionMessage.ReleaseClaim(run.Claimed!.ClaimId));
        }
    }

    /// <summary>One that is open, or about to be made for a claim, is run enough: a backfill of a range passes the date over.</summary>
    private static bool WantsRun(PartitionState state, ReprocessBehavior behavior) => !state.OpenRuns.Any() && state.Claim is null && behavior switch
    {
        ReprocessBehavior.None => state is { Runs.IsEmpty: true, LastProcessed: null },
        ReprocessBehavior.Failed => state.Runs.IsEmpty ? state.LastProcessed is null : state.Runs[^1].State is RunState.Failed or RunState.Cancelled,
        ReprocessBehavior.Completed => true,
        _ => throw new UnreachableException(),
    };

    private static void CreateBackfillRun(PartitionTurn turn, PartitionMessage.CreateBackfillRun create)
    {
        var made = WantsRun(turn.State, create.Behavior);
        turn.SendPipeline(new PipelineMessage.BackfillRunMade(create.Number, turn.Date, made));
        if (made)
        {
            turn.Record(new PartitionEntry.DefinitionSeen(create.Definition));
            turn.Record(new PartitionEntry.RunCreated(create.Run, RunKind.Backfill, turn.Now, create.Number));
            Begin(turn, turn.Run(create.Run));
        }
    }

    private static void TriggerBackfill(PartitionTurn turn, PartitionMessage.TriggerBackfill trigger)
    {
        if (turn.State.Claim is { Run: null } claim && claim.Id == trigger.ClaimId)
        {
            turn.Record(new PartitionEntry.DefinitionSeen(trigger.Definition));
            turn.Record(new PartitionEntry.RunCreated(trigger.Run, RunKind.Backfill, turn.Now));
            turn.Record(new PartitionEntry.ClaimBound(trigger.ClaimId, trigger.Run));
            turn.SendPipeline(new PipelineMessage.BackfillCreated(trigger.Run));
            Begin(turn, turn.Run(trigger.Run));
        }

        turn.Send(ActorIds.Partition(turn.Pipeline, trigger.By), new PartitionMessage.BackfillTriggered(trigger.CreatedBy, trigger.Step, turn.Date));
    }
}
