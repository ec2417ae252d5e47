using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Actors;

/// <content>Creating backfills for runs that something else runs: the backfill singleton claims, and whoever asked triggers.</content>
public sealed partial class PartitionActor
{
    private static void CreateFromLate(PartitionTurn turn, PartitionMessage.CreateFromLate create)
    {
        var known = turn.State.Creations?.Find(create.Run);
        if (CreationRefusal(turn, known, create) is { } reason)
        {
            turn.Refuse(create.Request, ReplyStatus.FailedPrecondition, reason);
        }
        else if (known is { IsOpen: true })
        {
            JoinCreation(turn, known, create);
        }
        else if (known is { Claimed: not null } && known.Try == create.Try)
        {
            turn.Reply(create.Request, ReplyOf(turn, known.Claimed));
        }
        else
        {
            SeeDefinition(turn, create.Definition);
            turn.Record(new PartitionEntry.ExternalCreationBegun(create.Run, create.Try, create.Request, turn.Now));
            turn.SendBackfill(new BackfillMessage.CreationRequested(
                turn.Date, create.Run, RunKind.External, turn.State.Creations!.Steps, create.Try, ClearNumber: 0, create.Definition));
        }
    }

    private static string? CreationRefusal(PartitionTurn turn, ExternalCreation? known, PartitionMessage.CreateFromLate create) => known switch
    {
        _ when IsOurs(turn, create.Run, create.Definition) => $"{create.Run} is the id of a run of ours: create under another.",
        { Try: var last } when last > create.Try => $"Try {last} of {create.Run} has created already: try {create.Try} is over.",
        { Asking.Length: >= ExternalMark.MostAsking } when known.Try == create.Try => $"{ExternalMark.MostAsking} requests wait for this creation already.",
        null when turn.State.Creations?.Known.Count(c => c.IsOpen) >= ExternalCreations.MostKnown => $"{ExternalCreations.MostKnown} runs of the date wait for their creation already.",
        _ => null,
    };

    /// <summary>A later try takes the creation over that an earlier one began: nothing has been claimed yet that it had to give up.</summary>
    private static void JoinCreation(PartitionTurn turn, ExternalCreation known, PartitionMessage.CreateFromLate create)
    {
        foreach (var request in known.Asking.Where(_ => known.Try < create.Try))
        {
            turn.Refuse(request, ReplyStatus.FailedPrecondition, $"Try {create.Try} of {create.Run} creates now.");
        }

        turn.Record(new PartitionEntry.ExternalCreationAsked(create.Run, create.Try, create.Request));
    }

    private static void EndExternalCreation(PartitionTurn turn, ExternalCreation creation, ClaimedPartitions claimed)
    {
        turn.Record(new PartitionEntry.ExternalCreationEnded(creation.Run, claimed, Failure: null, turn.Now));
        turn.Project(Projections.Creations, $"{turn.Pipeline}/{turn.Date}/{creation.Run}", new CreationRow(
            turn.Pipeline, turn.Date, creation.Run, claimed.ClaimId, claimed.Dates, ConfigurationFile.NameOf(turn.Definition, turn.Date), turn.Now));
        foreach (var request in creation.Asking)
        {
            turn.Reply(request, ReplyOf(turn, claimed));
        }
    }

    private static void FailExternalCreation(PartitionTurn turn, ExternalCreation creation, string reason)
    {
        turn.Record(new PartitionEntry.ExternalCreationEnded(creation.Run, Claimed: null, reason, turn.Now));
        foreach (var request in creation.Asking)
        {
            turn.Refuse(request, ReplyStatus.FailedPrecondition, reason);
        }
    }

    private static CreateFromLateReply ReplyOf(PartitionTurn turn, ClaimedPartitions claimed) => new(
        claimed.Dates.IsEmpty ? null : claimed.ClaimId,
        [
            .. claimed.Dates.Select(date => new ClaimedPartition(
                date, RunId.Backfill(date, turn.Date, claimed.At, turn.Definition.Schedule), turn.Definition.Primary.PartitionOf(date))),
        ],
        ConfigurationFile.PathOf(turn.Definition, turn.Date));
}
