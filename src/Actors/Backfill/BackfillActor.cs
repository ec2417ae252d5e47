using System.Diagnostics;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Actors;

/// <summary>A pipeline's part of the backfill singleton. Guarantees that one creation of the pipeline runs at a time, that the creations of scheduled
/// runs follow their dates, and, with the partitions, that at most one live claim covers a partition (invariant 4).
/// A creation syncs with the logs, reserves, writes the file, confirms; each step is stored before the next.</summary>
public sealed partial class BackfillActor : Actor<BackfillState, BackfillMessage, BackfillEntry>
{
    /// <inheritdoc/>
    public override ActorKind Kind { get; } = new ActorKind.OnSingleton(ActorIds.BackfillKind, "backfill", 1);

    /// <inheritdoc/>
    public override BackfillState Initial(string key) => BackfillState.Empty;

    /// <inheritdoc/>
    public override void Handle(Turn<BackfillState, BackfillEntry> turn, BackfillMessage message)
    {
        switch (message)
        {
            case BackfillMessage.LatenessChanged changed:
                ChangeLateness(turn, changed);
                break;
            case BackfillMessage.CreationRequested requested when requested.ClearNumber < turn.State.Order.RequiredClear(requested.Date) && requested.Kind == RunKind.Scheduled:
                // Sent before a clear that reached us first; the run asks again once the clear has reached it.
                break;
            case BackfillMessage.CreationRequested requested:
                Request(turn, requested);
                break;
            case BackfillMessage.CreationAbandoned abandoned:
                Abandon(turn, abandoned);
                break;
            case BackfillMessage.CreationSkipped skipped:
                EndInOrder(turn, skipped.Date, skipped.ClearNumber, skipped.Schedule);
                break;
            case BackfillMessage.ClaimOver over when turn.State.Claims.TryGetValue(over.Date, out var claim) && claim.ClaimId == over.ClaimId:
                turn.Record(new BackfillEntry.ClaimOver(over.Date));
                turn.Record(new BackfillEntry.LatenessSeen(over.Date, over.StillLate, turn.State.Schedule));
                GiveUp(turn, over.Date);
                break;
            case BackfillMessage.ClaimOver over when turn.State.Current is { } current && current.ClaimId == over.ClaimId && current.Reserved.Contains(over.Date):
                turn.Record(new BackfillEntry.OverEarly(over.Date));
                turn.Record(new BackfillEntry.LatenessSeen(over.Date, over.StillLate, turn.State.Schedule));
                break;
            case BackfillMessage.ClaimOver:
                break;
            case BackfillMessage.ClaimKept kept:
                KeepClaim(turn, kept);
                break;
            case BackfillMessage.PartitionForgotten or BackfillMessage.Forget or BackfillMessage.DateAdopted or BackfillMessage.CreationsAdopted or BackfillMessage.ResetCreations:
                HandleMany(turn, message);
                break;
            default:
                AdvanceCreation(turn, message);
                break;
        }

        EndForgetting(turn);
        BeginNext(turn);
    }

    /// <inheritdoc/>
    protected override BackfillMessage FromActivity(ActivityEnded ended) => new BackfillMessage.WriteEnded(ended);

    /// <summary>What concerns more than one creation.</summary>
    private static void HandleMany(Turn<BackfillState, BackfillEntry> turn, BackfillMessage message)
    {
        switch (message)
        {
            case BackfillMessage.PartitionForgotten forgotten:
                turn.Send(ActorIds.Pipeline(PipelineOf(turn)), new PipelineMessage.PartitionForgotten(forgotten.Date));
                break;
            case BackfillMessage.Forget:
                BeginForgetting(turn);
                break;
            case BackfillMessage.DateAdopted adopted:
                turn.Send(ActorIds.Pipeline(PipelineOf(turn)), new PipelineMessage.DateAdopted(adopted.Number, adopted.Date, adopted.IsNew, adopted.IsLate));
                break;
            case BackfillMessage.CreationsAdopted adopted:
                turn.Record(new BackfillEntry.CreationsAdopted(adopted.Dates, adopted.Schedule));
                LetFollow(turn);
                break;
            case BackfillMessage.ResetCreations reset:
                turn.Record(new BackfillEntry.CreationsReset(reset.Dates, reset.Number, reset.Schedule));
                turn.Send(ActorIds.Pipeline(PipelineOf(turn)), new PipelineMessage.OrderReset(reset.Number));
                break;
            default:
                throw new UnreachableException();
        }
    }

    private static PipelineName PipelineOf(Turn<BackfillState, BackfillEntry> turn) => PipelineName.Parse(turn.Self.Key);

    private static void SendPartition(Turn<BackfillState, BackfillEntry> turn, LogicalDate date, PartitionMessage message) =>
        turn.Send(ActorIds.Partition(PipelineOf(turn), date), message);

    private static void ChangeLateness(Turn<BackfillState, BackfillEntry> turn, BackfillMessage.LatenessChanged changed)
    {
        turn.Record(new BackfillEntry.LatenessSeen(changed.Date, changed.Late, changed.Schedule));
        if (changed.Source is { } source)
        {
            turn.Send(ActorIds.Watcher(source.Table), new WatcherMessage.ChangeAcknowledged(source.Version));
        }
    }

    private static void Request(Turn<BackfillState, BackfillEntry> turn, BackfillMessage.CreationRequested requested)
    {
        turn.Record(new BackfillEntry.DefinitionSeen(requested.Definition));
        var request = new CreationRequest(requested.Date, requested.Run, requested.Kind, requested.Step, requested.Try, requested.ClearNumber);
        if (IsInOrder(turn.State, request))
        {
            turn.Record(new BackfillEntry.Queued(request));
        }
        else
        {
            turn.Record(new BackfillEntry.Waiting(request));
            SendPartition(turn, request.Date, new PartitionMessage.CreationWaits(request.Run, request.Step));
        }
    }

    private static bool IsInOrder(BackfillState state, CreationRequest request) =>
        request.Kind != RunKind.Scheduled || state.Definition!.PredecessorOf(request.Date) is not { } before || state.Order.IsDone(before);

    private static void Abandon(Turn<BackfillState, BackfillEntry> turn, BackfillMessage.CreationAbandoned abandoned)
    {
        turn.Record(new BackfillEntry.Dropped(abandoned.Run));
        if (turn.State.Current is { } current && current.Request.Run == abandoned.Run && current.Request.Kind != RunKind.External)
        {
            turn.Record(new BackfillEntry.Abandoned());
            GoOn(turn);
        }

        // Word that the creation was done crossed the run's change of mind: what it claimed has triggered nothing, and will not.
        foreach (var (date, claim) in turn.State.Claims.Where(c => c.Value.For is null && c.Value.Run == abandoned.Run && c.Value.Step == abandoned.Step))
        {
            SendPartition(turn, date, new PartitionMessage.ReleaseClaim(claim.ClaimId));
            turn.Record(new BackfillEntry.ClaimOver(date));
        }
    }

    private static void EndInOrder(Turn<BackfillState, BackfillEntry> turn, LogicalDate date, long clearNumber, Schedule? schedule)
    {
        if (clearNumber < turn.State.Order.RequiredClear(date))
        {
            return;
        }

        turn.Record(new BackfillEntry.OrderEnded(date, schedule));
        LetFollow(turn);
    }

    private static void LetFollow(Turn<BackfillState, BackfillEntry> turn)
    {
        foreach (var waiting in turn.State.Waiting.Where(w => IsInOrder(turn.State, w)))
        {
            SendPartition(turn, waiting.Date, new PartitionMessage.CreationReady(waiting.Run, waiting.Step));
            turn.Record(new BackfillEntry.Dropped(waiting.Run));
        }
    }
}
