using Latecomer.Runtime;

namespace Latecomer.Actors;

/// <content>The end of the pipeline. A creation that nobody wants any more ends first: what it has asked of partitions, and of a file, must not reach those of a pipeline of
/// the same name.</content>
public sealed partial class BackfillActor
{
    private static void BeginForgetting(Turn<BackfillState, BackfillEntry> turn)
    {
        turn.Record(new BackfillEntry.Forgetting());
        if (turn.State.Current is not null)
        {
            GoOn(turn);
        }
    }

    private static void EndForgetting(Turn<BackfillState, BackfillEntry> turn)
    {
        if (turn.State is { Forgetting: true, Current: null })
        {
            turn.Record(new BackfillEntry.Forgotten());
            turn.Send(ActorIds.Pipeline(PipelineOf(turn)), new PipelineMessage.PartForgotten());
        }
    }
}
