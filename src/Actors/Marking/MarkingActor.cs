using System.Diagnostics;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Actors;

/// <summary>A pipeline's part of the marking singleton. Guarantees that one run of the pipeline marks at a time, and that the marks of
/// scheduled runs follow their dates (invariant 5): a mark waits until the current try of the previous date's mark has succeeded.</summary>
public sealed class MarkingActor : Actor<MarkingState, MarkingMessage, MarkingEntry>
{
    /// <inheritdoc/>
    public override ActorKind Kind { get; } = new ActorKind.OnSingleton(ActorIds.MarkingKind, "marking", 0);

    /// <inheritdoc/>
    public override MarkingState Initial(string key) => MarkingState.Empty;

    /// <inheritdoc/>
    public override void Handle(Turn<MarkingState, MarkingEntry> turn, MarkingMessage message)
    {
        switch (message)
        {
            case MarkingMessage.MarkRequested { Kind: RunKind.Scheduled } requested when requested.ClearNumber < turn.State.Order.RequiredClear(requested.Date):
                // Sent before a clear that reached us first; the run asks again once the clear has reached it.
                break;
            case MarkingMessage.MarkRequested requested:
                Request(turn, requested);
                break;
            case MarkingMessage.MarkEnded ended:
                turn.Record(new MarkingEntry.TurnOver(ended.Run, ended.Date));
                if (ended is { Succeeded: true, Kind: RunKind.Scheduled } && ended.ClearNumber >= turn.State.Order.RequiredClear(ended.Date))
                {
                    turn.Record(new MarkingEntry.Marked(ended.Date));
                    LetFollow(turn);
                }

                break;
            case MarkingMessage.MarkAbandoned abandoned:
                turn.Record(new MarkingEntry.TurnOver(abandoned.Run, abandoned.Date));
                break;
            case MarkingMessage.MarksAdopted adopted:
                turn.Record(new MarkingEntry.MarksAdopted(adopted.Dates, adopted.Schedule));
                LetFollow(turn);
                break;
            case MarkingMessage.PartitionForgotten forgotten:
                turn.Send(ActorIds.Pipeline(PipelineName.Parse(turn.Self.Key)), new PipelineMessage.PartitionForgotten(forgotten.Date));
                break;
            case MarkingMessage.Forget:
                turn.Record(new MarkingEntry.Forgotten());
                turn.Send(ActorIds.Pipeline(PipelineName.Parse(turn.Self.Key)), new PipelineMessage.PartForgotten());
                break;
            case MarkingMessage.ResetMarks reset:
                turn.Record(new MarkingEntry.MarksReset(reset.Dates, reset.Number, reset.Schedule));
                turn.Send(ActorIds.Pipeline(PipelineName.Parse(turn.Self.Key)), new PipelineMessage.OrderReset(reset.Number));
                break;
            default:
                throw new UnreachableException();
        }

        GiveTurn(turn);
    }

    /// <inheritdoc/>
    public override MarkingState Apply(MarkingState state, MarkingEntry entry) => entry switch
    {
        MarkingEntry.Waiting waiting => state with { Schedule = waiting.Request.Schedule, Waiting = state.Waiting.RemoveAll(w => w.Run == waiting.Request.Run).Add(waiting.Request) },
        MarkingEntry.Queued queued => state with { Schedule = queued.Request.Schedule, Queue = state.Queue.RemoveAll(w => IsSame(w, queued.Request.Run, queued.Request.Date)).Add(queued.Request) },
        MarkingEntry.LetGo letGo => state with { Waiting = state.Waiting.RemoveAll(w => w.Run == letGo.Run) },
        MarkingEntry.TurnGiven given => state with { Turn = given.Request, Queue = state.Queue.RemoveAll(w => IsSame(w, given.Request.Run, given.Request.Date)) },
        MarkingEntry.TurnOver over => state with
        {
            Turn = state.Turn is { } turn && IsSame(turn, over.Run, over.Date) ? null : state.Turn,
            Queue = state.Queue.RemoveAll(w => IsSame(w, over.Run, over.Date)),
            Waiting = state.Waiting.RemoveAll(w => w.Run == over.Run),
        },
        MarkingEntry.Forgotten => MarkingState.Empty,
        MarkingEntry.Marked marked => state with { Order = state.Order.Complete(marked.Date, state.Schedule) },
        MarkingEntry.MarksAdopted adopted => state with { Order = state.Order.Complete(adopted.Dates, adopted.Schedule), Schedule = adopted.Schedule },
        MarkingEntry.MarksReset reset => state with { Order = state.Order.Reset(reset.Dates, reset.Number, reset.Schedule), Schedule = reset.Schedule },
        _ => throw new UnreachableException(),
    };

    /// <summary>Runs of ours have ids of their own; one that something else runs may mark several dates.</summary>
    private static bool IsSame(MarkingMessage.MarkRequested known, RunId run, LogicalDate? date) => known.Run == run && (date is null || known.Date == date);

    private static void Request(Turn<MarkingState, MarkingEntry> turn, MarkingMessage.MarkRequested request)
    {
        var ready = request.Predecessor is not { } date || turn.State.Order.IsDone(date);
        switch (ready, request.HasSlot)
        {
            case (true, true):
                turn.Record(new MarkingEntry.Queued(request));
                break;
            case (true, false):
                turn.Send(PartitionOf(turn, request), new PartitionMessage.MarkReady(request.Run, request.Step));
                break;
            case (false, true):
                turn.Record(new MarkingEntry.Waiting(request));
                turn.Send(PartitionOf(turn, request), new PartitionMessage.MarkWaits(request.Run, request.Step));
                break;
            case (false, false):
                turn.Record(new MarkingEntry.Waiting(request));
                break;
        }
    }

    private static void LetFollow(Turn<MarkingState, MarkingEntry> turn)
    {
        foreach (var waiting in turn.State.Waiting.Where(w => turn.State.Order.IsDone(w.Predecessor!.Value)))
        {
            turn.Send(PartitionOf(turn, waiting), new PartitionMessage.MarkReady(waiting.Run, waiting.Step));
            turn.Record(new MarkingEntry.LetGo(waiting.Run));
        }
    }

    /// <summary>Gives the turn to the next in the queue whose predecessor is (still) marked.</summary>
    private static void GiveTurn(Turn<MarkingState, MarkingEntry> turn)
    {
        while (turn.State is { Turn: null, Queue: [var next, ..] })
        {
            if (next.Predecessor is { } date && !turn.State.Order.IsDone(date))
            {
                turn.Record(new MarkingEntry.TurnOver(next.Run));
                turn.Record(new MarkingEntry.Waiting(next));
                turn.Send(PartitionOf(turn, next), new PartitionMessage.MarkWaits(next.Run, next.Step));
                continue;
            }

            turn.Record(new MarkingEntry.TurnGiven(next));
            turn.Send(PartitionOf(turn, next), new PartitionMessage.MarkTurn(next.Run, next.Step));
        }
    }

    private static ActorId PartitionOf(Turn<MarkingState, MarkingEntry> turn, MarkingMessage.MarkRequested request) =>
        ActorIds.Partition(PipelineName.Parse(turn.Self.Key), request.Date);
}
