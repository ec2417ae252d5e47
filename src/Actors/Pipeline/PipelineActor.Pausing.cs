using Latecomer.Runtime;

namespace Latecomer.Actors;

/// <content>Pausing: no scheduled runs are made, no slots granted; what holds one goes on to its end.</content>
public sealed partial class PipelineActor
{
    private static void Pause(Turn<PipelineState, PipelineEntry> turn, RequestId request, bool pause)
    {
        if (turn.State.Definition is null)
        {
            turn.Refuse(request, ReplyStatus.NotFound, $"There is no pipeline {turn.Self.Key}.");
            return;
        }

        if (turn.State.Paused != pause)
        {
            turn.Record(pause ? new PipelineEntry.Paused() : new PipelineEntry.Unpaused());
        }

        // What is due since is made, and what waits gets its slots, before the answer says how it stands.
        MakeScheduledRuns(turn);
        GrantSlots(turn);
        turn.Reply(request, RowOf(turn.State));
    }
}
