using Latecomer.Actors;
using Latecomer.Node.Protocol;
using Latecomer.Node.Watching;
using static System.FormattableString;

namespace Latecomer.Node.Explaining;

/// <content>What people decided, and what was asked for runs that something else runs.</content>
internal sealed partial class Explanation
{
    private void TellPeople(DecodedEntry told)
    {
        switch (told.Entry)
        {
            case PartitionEntry.Dismissed dismissed:
                Add(told, ExplainedStepKind.Decision, $"A person said that what came up to {Words(dismissed.Pin)} needs no run{Because(dismissed.Reason)}.");
                break;
            case PartitionEntry.Approved:
                Add(told, ExplainedStepKind.Decision, "A person approved another claim.");
                break;
            case PartitionEntry.Released released:
                Add(told, ExplainedStepKind.Decision, $"A person took it from run {released.Run}{Because(released.Reason)}.", released.Run);
                break;
            case PartitionEntry.CancelRequested cancelled:
                Add(told, ExplainedStepKind.Run, $"Run {cancelled.Run} is cancelled once its work has stopped.", cancelled.Run);
                break;
            default:
                TellCreation(told);
                break;
        }
    }

    private void TellCreation(DecodedEntry told)
    {
        switch (told.Entry)
        {
            case PartitionEntry.ExternalCreationBegun begun:
                Add(told, ExplainedStepKind.Run, Invariant($"Run {begun.Run} asked what is late before it, in try {begun.Try}."), begun.Run);
                break;
            case PartitionEntry.ExternalCreationEnded { Claimed: { } claimed } ended:
                Add(told, ExplainedStepKind.Run, Claimed(ended.Run, claimed, file: ""), ended.Run, claimed.ClaimId);
                break;
            case PartitionEntry.ExternalCreationEnded ended:
                Add(told, ExplainedStepKind.Run, $"The creation of run {ended.Run} failed: {ended.Failure}", ended.Run);
                break;
            default:
                TellOther(told);
                break;
        }
    }

    private static string Because(string reason) => reason.Length == 0 ? "" : $": {reason.TrimEnd('.')}";
}
