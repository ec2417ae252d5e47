using Latecomer.Runtime;

namespace Latecomer.Actors;

/// <content>Clearing what has failed only: runs are asked what has, before anything is put back.</content>
public sealed partial class PipelineActor
{
    private static void TakeFailures(Turn<PipelineState, PipelineEntry> turn, PipelineMessage.FailuresFound found)
    {
        if (turn.State.Clears.Find(c => c.Number == found.Number) is not { IsAsking: true })
        {
            return;
        }

        turn.Record(new PipelineEntry.FailuresSeen(found.Number, found.Date, found.Tasks));
        var clear = turn.State.Clears.Find(c => c.Number == found.Number)!;
        if (!found.Found && clear.Run is not null)
        {
            RefuseUnknown(turn, clear);
        }
        else if (clear.Failures!.Stretches > FailureSurvey.MostStretches)
        {
            turn.Refuse(clear.Request, ReplyStatus.FailedPrecondition,
                $"What has failed lies in more than {FailureSurvey.MostStretches} stretches of dates: clear a part of them first, without Past or Future.");
            turn.Record(new PipelineEntry.ClearOver(clear.Number));
        }
        else if (clear is { Outstanding: 0, NextDate: null })
        {
            EndSurvey(turn, clear);
        }
        else
        {
            return;
        }

        TellRuns(turn);
    }

    private static void EndSurvey(Turn<PipelineState, PipelineEntry> turn, ClearOperation clear)
    {
        if (clear.Failures is { DryRun: true } or { Parts.IsEmpty: true })
        {
            EndClear(turn, clear);
            return;
        }

        var complete = clear with { Failures = clear.Failures! with { IsComplete = true } };
        turn.Record(new PipelineEntry.SurveyEnded(
            clear.Number, ResetOrder(turn, complete), complete.FirstFrom(clear.Dates.From, turn.State.Definition!.Schedule)));
    }
}
