using System.Diagnostics;
using Latecomer.Contracts;

namespace Latecomer.Actors;

/// <content>The end of the pipeline: nothing works here any more, and what is known is forgotten. The actor stays, empty: what others have sent may still be on its way, and a
/// pipeline of the same name may come.</content>
public sealed partial class PartitionActor
{
    private static void DispatchDelete(PartitionTurn turn, PartitionMessage message)
    {
        switch (message)
        {
            case PartitionMessage.DeleteAsked asked:
                AnswerDelete(turn, asked);
                break;
            case PartitionMessage.Forget forget:
                Forget(turn, forget);
                break;
            case PartitionMessage.PartitionForgotten forgotten:
                turn.SendPipeline(new PipelineMessage.PartitionForgotten(forgotten.Date));
                break;
            default:
                throw new UnreachableException();
        }
    }

    private static void AnswerDelete(PartitionTurn turn, PartitionMessage.DeleteAsked asked)
    {
        var hindrance = turn.State.OpenRuns.FirstOrDefault(r => r.Kind == RunKind.External) is { } run ? $"{run.RunId} has marked {NameOf(turn)}: let it end, or release it."
            : turn.State.Creations?.Known.Find(c => c.IsOpen) is { } creation ? $"{creation.Run} is asking what it may backfill for {NameOf(turn)}: ask again."
            : null;
        turn.SendPipeline(new PipelineMessage.DeleteAnswered(asked.Number, turn.Date, hindrance));
    }

    private static void Forget(PartitionTurn turn, PartitionMessage.Forget forget)
    {
        foreach (var run in turn.State.OpenRuns.Where(r => r.Wait == Wait.Retry))
        {
            turn.CancelTimer(RetryTimer(run));
        }

        if (turn.State.Generation != forget.Generation || !turn.State.IsBlank)
        {
            turn.Record(new PartitionEntry.Forgotten(forget.Generation));
        }

        turn.SendPipeline(new PipelineMessage.PartitionForgotten(turn.Date));
        turn.SendMarking(new MarkingMessage.PartitionForgotten(turn.Date));
        turn.SendBackfill(new BackfillMessage.PartitionForgotten(turn.Date));
        turn.Send(ActorIds.Partition(turn.Pipeline, forget.Schedule.Next(turn.Date)), new PartitionMessage.PartitionForgotten(turn.Date));
    }
}
