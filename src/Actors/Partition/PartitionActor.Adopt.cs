namespace Latecomer.Actors;

/// <content>Taking over what was processed elsewhere: the date has a last processed pin, and no run that pinned it.</content>
public sealed partial class PartitionActor
{
    private static void AnswerAdoption(PartitionTurn turn, PartitionMessage.AdoptAsked asked)
    {
        var refusal = turn.State switch
        {
            { Runs: [var run, ..] } => $"{run.RunId} is a run of it",
            { LastProcessedBy: { } run } => $"{run} has processed it",
            { Claim: { } claim } => $"{claim.CreatedBy} has claimed it",
            _ => null,
        };
        var adopted = turn.State with { LastProcessed = asked.Pin, Dismissed = null };
        turn.SendPipeline(new PipelineMessage.AdoptAnswered(asked.Number, turn.Date, refusal, IsNew: turn.State.LastProcessed is null, adopted.IsLate));
    }

    /// <summary>The answer goes by way of the backfill singleton: once it has arrived, a creation that begins then knows what is late here.</summary>
    private static void Adopt(PartitionTurn turn, PartitionMessage.Adopt adopt)
    {
        SeeDefinition(turn, adopt.Definition);
        var isNew = turn.State.LastProcessed is null;
        if (!adopt.Pin.Equals(turn.State.LastProcessed))
        {
            turn.Record(new PartitionEntry.Adopted(adopt.Pin));
        }

        ReportLatenessIfChanged(turn);
        turn.SendBackfill(new BackfillMessage.DateAdopted(adopt.Number, turn.Date, isNew, turn.State.IsLate));
    }
}
