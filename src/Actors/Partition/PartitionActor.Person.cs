using System.Diagnostics;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Actors;

/// <content>What a person decides of a partition: that its changes need no run, that it may be claimed again, that a run which died has it no more.</content>
public sealed partial class PartitionActor
{
    private static void DispatchPerson(PartitionTurn turn, PartitionMessage message)
    {
        switch (message)
        {
            case PartitionMessage.Dismiss dismiss:
                Dismiss(turn, dismiss);
                break;
            case PartitionMessage.Approve approve:
                Approve(turn, approve);
                break;
            case PartitionMessage.Release release:
                Release(turn, release);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private static void Dismiss(PartitionTurn turn, PartitionMessage.Dismiss dismiss)
    {
        var refusal = turn.State switch
        {
            { IsLate: false } => $"{NameOf(turn)} of {turn.Pipeline} is not late.",
            { Claim: { } claim } => $"A claim of {claim.CreatedBy} covers {NameOf(turn)} of {turn.Pipeline}.",
            _ when turn.State.OpenRuns.FirstOrDefault(r => r.Task(TaskKind.MarkProcessed).State != TaskState.Success) is { } open => $"{open.RunId} is about to process {NameOf(turn)} of {turn.Pipeline}.",
            _ => null,
        };
        if (refusal is not null)
        {
            turn.Refuse(dismiss.Request, ReplyStatus.FailedPrecondition, refusal);
            return;
        }

        var seen = turn.State.Inputs.Where(i => i.Value.LastChange is not null)
            .Aggregate(Pin.None, (pin, i) => pin.With(i.Key, new TablePin(i.Value.LastChange!.TableId, i.Value.LastChange.Version)));
        turn.Record(new PartitionEntry.Dismissed(seen, dismiss.Reason));
        ReportLatenessIfChanged(turn);
        turn.Reply(dismiss.Request, PartitionProjection.RowOf(turn));
    }

    private static void Approve(PartitionTurn turn, PartitionMessage.Approve approve)
    {
        if (!PartitionProjection.RowOf(turn).NeedsApproval)
        {
            turn.Refuse(approve.Request, ReplyStatus.FailedPrecondition, $"{NameOf(turn)} of {turn.Pipeline} needs no approval.");
            return;
        }

        turn.Record(new PartitionEntry.Approved());
        turn.Reply(approve.Request, PartitionProjection.RowOf(turn));
    }

    private static void Release(PartitionTurn turn, PartitionMessage.Release release)
    {
        var holds = turn.State.Section == release.Run;
        var run = turn.State.Find(release.Run);
        if (holds && run is { Kind: RunKind.External })
        {
            turn.Record(new PartitionEntry.Released(run.RunId, release.Reason));
            GiveUpMark(turn, run, $"A person has taken {NameOf(turn)} from {run.RunId}{(release.Reason.Length == 0 ? "." : Because(release.Reason))}");
            turn.Record(new PartitionEntry.TaskEnded(
                run.RunId, run.Wait == Wait.External ? TaskKind.Work : TaskKind.Mark, TaskState.Failed, turn.Now, $"released{Because(release.Reason)}"));
            turn.Record(new PartitionEntry.ExternalMarkAnswered(run.RunId));
            EndRun(turn, turn.Run(run.RunId), RunState.Failed);
        }
        else if (!holds && turn.State.Claim is { Run: null, For: not null } claim && claim.CreatedBy == release.Run)
        {
            turn.Record(new PartitionEntry.Released(release.Run, release.Reason));
            ReleaseClaim(turn, claim.Id);
        }
        else
        {
            turn.Refuse(release.Request, ReplyStatus.FailedPrecondition, holds ? $"{release.Run} is a run of ours: cancel it." : NotHolding(turn, release.Run));
            return;
        }

        turn.Reply(release.Request, PartitionProjection.RowOf(turn));
    }

    private static string Because(string reason) => reason.Length == 0 ? "" : $": {reason}";
}
