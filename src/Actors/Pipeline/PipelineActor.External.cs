using System.Diagnostics;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Actors;

/// <content>What is asked for runs that something else runs: their partitions decide, but only the pipeline knows which dates it has, and how.</content>
public sealed partial class PipelineActor
{
    private static void PassOn(Turn<PipelineState, PipelineEntry> turn, PipelineMessage message)
    {
        switch (message)
        {
            case PipelineMessage.MarkAsProcessing mark:
                PassOn(turn, mark.Request, mark.Date, definition => new PartitionMessage.MarkAsProcessing(mark.Request, mark.Run, mark.Try, definition));
                break;
            case PipelineMessage.CreateFromLate create:
                PassOn(turn, create.Request, create.Date, definition => new PartitionMessage.CreateFromLate(create.Request, create.Run, create.Try, definition));
                break;
            default:
                throw new UnreachableException();
        }
    }

    private static void PassOn(Turn<PipelineState, PipelineEntry> turn, RequestId request, LogicalDate date, Func<PipelineDefinition, PartitionMessage> message)
    {
        if (turn.State.Definition is not { } definition)
        {
            turn.Refuse(request, ReplyStatus.NotFound, $"There is no pipeline {turn.Self.Key}.");
        }
        else if (turn.State.Adopting is not null)
        {
            turn.Refuse(request, ReplyStatus.FailedPrecondition, BeingAdopted(turn));
        }
        else if (!definition.Covers(date))
        {
            turn.Refuse(request, ReplyStatus.InvalidArgument, NoDate(definition, date));
        }
        else
        {
            RememberPassedOn(turn, date);
            turn.Send(ActorIds.Partition(definition.Name, date), message(definition));
        }
    }

    /// <summary>A date that has a run only because somebody wanted it is found again when the pipeline is deleted.</summary>
    private static void RememberPassedOn(Turn<PipelineState, PipelineEntry> turn, LogicalDate date)
    {
        if (!(turn.State.PassedThrough >= date))
        {
            turn.Record(new PipelineEntry.PassedOn(date));
        }
    }
}
