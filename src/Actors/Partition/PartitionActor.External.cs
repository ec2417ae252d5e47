using System.Diagnostics;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Actors;

/// <content>Runs that something else runs, such as Airflow. They mark through the marking singleton as ours do, but wait for nobody: while another run has the
/// partition they are refused. What happens between mark and processed mark is theirs.</content>
public sealed partial class PartitionActor
{
    private static void DispatchExternal(PartitionTurn turn, PartitionMessage message)
    {
        switch (message)
        {
            case PartitionMessage.MarkAsProcessing mark:
                MarkAsProcessing(turn, mark);
                break;
            case PartitionMessage.MarkAsProcessed processed:
                MarkAsProcessed(turn, processed);
                break;
            case PartitionMessage.CreateFromLate create:
                CreateFromLate(turn, create);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private static void MarkAsProcessing(PartitionTurn turn, PartitionMessage.MarkAsProcessing mark)
    {
        var run = turn.State.Find(mark.Run);
        var isSameTry = run?.Mark?.Try == mark.Try;
        if (MarkRefusal(turn, run, mark) is { } reason)
        {
            turn.Refuse(mark.Request, ReplyStatus.FailedPrecondition, reason);
        }
        else if (isSameTry && run!.Task(TaskKind.Mark).State == TaskState.Success)
        {
            turn.Reply(mark.Request, MarkedReply(turn, run));
        }
        else if (isSameTry && run!.IsOpen)
        {
            turn.Record(new PartitionEntry.ExternalMarkAsked(run.RunId, mark.Request));
        }
        else
        {
            BeginExternalMark(turn, run, mark);
        }
    }

    private static string? MarkRefusal(PartitionTurn turn, DagRun? run, PartitionMessage.MarkAsProcessing mark)
    {
        var date = mark.Definition.Schedule.NameOf(turn.Date);
        return (turn.State.Section, run) switch
        {
            _ when IsOurs(turn, mark.Run, mark.Definition) => $"{mark.Run} is the id of a run of ours: mark under another.",
            ({ } holder, _) when holder != mark.Run => $"{holder} holds {date} of {turn.Pipeline}.",
            (_, { Mark.Try: var known }) when known > mark.Try => $"Try {known} of {mark.Run} has marked {date} already: try {mark.Try} is over.",
            (_, { State: RunState.Failed, Mark.Try: var known } failed) when known == mark.Try && failed.Task(TaskKind.Mark).State == TaskState.Success =>
                $"Try {known} of {mark.Run} lost {date}: mark in a later try.",
            (_, { Mark.Asking.Length: >= ExternalMark.MostAsking } asked) when asked.Mark.Try == mark.Try =>
                $"{ExternalMark.MostAsking} requests wait for this mark already.",
            _ => null,
        };
    }

    private static bool IsOurs(PartitionTurn turn, RunId run, PipelineDefinition definition) =>
        turn.State.Find(run) is { Kind: not RunKind.External } || (definition.Work is not Work.External && run == RunId.Scheduled(turn.Date));

    private static MarkAsProcessingReply MarkedReply(PartitionTurn turn, DagRun run) => new(run.Pin, run.HoldNumber, turn.State.Claim?.Run == run.RunId);

    private static void BeginExternalMark(PartitionTurn turn, DagRun? run, PartitionMessage.MarkAsProcessing mark)
    {
        SeeDefinition(turn, mark.Definition);
        if (run is null)
        {
            turn.Record(new PartitionEntry.RunCreated(mark.Run, RunKind.External, turn.Now));
        }
        else
        {
            GiveUpMark(turn, run, $"Try {mark.Try} of {mark.Run} marks now.");
        }

        turn.Record(new PartitionEntry.ExternalMarkBegun(mark.Run, mark.Try, mark.Request));
        if (turn.State.Section is null)
        {
            turn.Record(new PartitionEntry.SectionEntered(mark.Run));
        }

        AskForMarkTurn(turn, turn.Run(mark.Run));
    }

    private static void SeeDefinition(PartitionTurn turn, PipelineDefinition definition)
    {
        if (!definition.Equals(turn.State.Definition))
        {
            turn.Record(new PartitionEntry.DefinitionSeen(definition));
        }
    }

    /// <summary>Takes back a mark that is under way; whoever waits for it is refused.</summary>
    private static void GiveUpMark(PartitionTurn turn, DagRun run, string reason)
    {
        if (run is { IsOpen: true, Wait: Wait.MarkTurn or Wait.Pins, Mark: { } mark })
        {
            turn.SendMarking(new MarkingMessage.MarkAbandoned(run.RunId, turn.Date));
            foreach (var request in mark.Asking)
            {
                turn.Refuse(request, ReplyStatus.FailedPrecondition, reason);
            }
        }
    }

    private static void EndExternalMark(PartitionTurn turn, DagRun run)
    {
        turn.Record(new PartitionEntry.TaskEnded(run.RunId, TaskKind.Mark, TaskState.Success, turn.Now, Note: null));
        Start(turn, run, TaskKind.Work);
        turn.Record(new PartitionEntry.WaitChanged(run.RunId, Wait.External));
        foreach (var request in run.Mark!.Asking)
        {
            turn.Reply(request, MarkedReply(turn, run));
        }

        turn.Record(new PartitionEntry.ExternalMarkAnswered(run.RunId));
    }

    /// <summary>A mark that fails takes nothing: the caller may never ask again.</summary>
    private static void FailExternalMark(PartitionTurn turn, DagRun run, string reason)
    {
        turn.Record(new PartitionEntry.TaskEnded(run.RunId, TaskKind.Mark, TaskState.Failed, turn.Now, reason));
        foreach (var request in run.Mark!.Asking)
        {
            turn.Refuse(request, ReplyStatus.Unavailable, $"{reason} Nothing was marked; ask again, by another request id.");
        }

        turn.Record(new PartitionEntry.ExternalMarkAnswered(run.RunId));
        EndRun(turn, turn.Run(run.RunId), RunState.Failed);
    }

    private static void MarkAsProcessed(PartitionTurn turn, PartitionMessage.MarkAsProcessed processed)
    {
        switch (turn.State.Find(processed.Run))
        {
            case { Kind: RunKind.External, State: RunState.Success }:
                turn.Reply(processed.Request, new MarkAsProcessedReply(turn.State.LastProcessed!, turn.State.IsLate));
                break;
            case { Kind: RunKind.External, Wait: Wait.External } run when processed.HoldNumber is { } number && number != run.HoldNumber:
                turn.Refuse(processed.Request, ReplyStatus.FailedPrecondition, $"{run.RunId} has marked again since hold {number}: what it pinned then is not what it has pinned now.");
                break;
            case { Kind: RunKind.External, Wait: Wait.External } run:
                EndExternalRun(turn, run);
                turn.Reply(processed.Request, new MarkAsProcessedReply(turn.State.LastProcessed!, turn.State.IsLate));
                break;
            case { Kind: RunKind.External, IsOpen: true } run:
                turn.Refuse(processed.Request, ReplyStatus.FailedPrecondition, $"{run.RunId} has not marked {NameOf(turn)} yet.");
                break;
            default:
                turn.Refuse(processed.Request, ReplyStatus.FailedPrecondition, NotHolding(turn, processed.Run));
                break;
        }
    }

    private static void EndExternalRun(PartitionTurn turn, DagRun run)
    {
        turn.Record(new PartitionEntry.TaskEnded(run.RunId, TaskKind.Work, TaskState.Success, turn.Now, Note: null));
        turn.Record(new PartitionEntry.TaskQueued(run.RunId, TaskKind.MarkProcessed));
        Start(turn, run, TaskKind.MarkProcessed);
        turn.Record(new PartitionEntry.Processed(run.RunId, run.Pin));
        turn.Record(new PartitionEntry.TaskEnded(run.RunId, TaskKind.MarkProcessed, TaskState.Success, turn.Now, Note: null));
        ReportLatenessIfChanged(turn);
        EndRun(turn, turn.Run(run.RunId), RunState.Success);
    }

    private static string NotHolding(PartitionTurn turn, RunId run) => turn.State.Definition is null
        ? $"No run has marked {NameOf(turn)} of {turn.Pipeline} as processing yet, and whether there is such a pipeline is seen then."
        : $"{run} does not hold {NameOf(turn)} of {turn.Pipeline}: {turn.State.Section?.Value ?? "nobody"} does.";

    private static string NameOf(PartitionTurn turn) => turn.State.Definition?.Schedule.NameOf(turn.Date) ?? turn.Date.ToString();
}
