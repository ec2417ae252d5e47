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
            turn.Send(ActorIds.Partition(definition.Name, date), message(definition));
        }
    }
}
