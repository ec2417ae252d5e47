using System.Collections.Immutable;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Actors;

/// <content>Claims for runs that something else runs: any run may mark under them, and a later try of the run that asked gives those up first that none has marked.</content>
public sealed partial class BackfillActor
{
    /// <summary>A step counts for one run of ours, and for one date of runs that are not.</summary>
    private static string ClaimIdOf(CreationRequest request) =>
        request.Kind == RunKind.External ? $"{request.Run}/{request.Date}/{request.Step}" : $"{request.Run}/{request.Step}";

    private static void BeginGivingUp(Turn<BackfillState, BackfillEntry> turn, CreationRequest request)
    {
        var earlier = turn.State.Claims.Where(c => c.Value.For == request.Date && c.Value.Run == request.Run).ToImmutableArray();
        if (earlier.IsEmpty)
        {
            return;
        }

        turn.Record(new BackfillEntry.GivingUp([.. earlier.Select(c => c.Key)]));
        foreach (var (date, claim) in earlier)
        {
            SendPartition(turn, date, new PartitionMessage.ReleaseClaim(claim.ClaimId));
        }
    }

    private static void GiveUp(Turn<BackfillState, BackfillEntry> turn, LogicalDate date)
    {
        if (turn.State.Current?.GivingUp?.Contains(date) is not true)
        {
            return;
        }

        turn.Record(new BackfillEntry.GivenUp(date));
        if (turn.State.Current!.MayReserve)
        {
            Reserve(turn, turn.State.Current);
        }
    }

    private static void KeepClaim(Turn<BackfillState, BackfillEntry> turn, BackfillMessage.ClaimKept kept)
    {
        if (!turn.State.Claims.ContainsKey(kept.Date))
        {
            turn.Record(new BackfillEntry.ClaimKept(kept.Date, new LiveClaim(kept.ClaimId, kept.CreatedBy, 0, kept.For)));
        }

        GiveUp(turn, kept.Date);
    }
}
