using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Tests.Unit.Actors;

/// <summary>What is asked for runs that something else runs.</summary>
internal static class ExternalCalls
{
    /// <summary>The seed's day with work that something else does, before anything ran.</summary>
    public static SeedsDay External(Func<PipelineDefinition, PipelineDefinition>? change = null)
    {
        var day = new SeedsDay(d => (change?.Invoke(d) ?? d) with { Work = new Work.External("process_devices") });
        day.RunFirstFive();
        return day;
    }

    public static RunId Run(int day) => RunId.Parse($"scheduled__2024-01-{day:D2}T00:00:00+00:00");

    public static string Refused(RequestReply reply)
    {
        reply.Status.ShouldBe(ReplyStatus.FailedPrecondition);
        return reply.Message!;
    }

    public static RequestId BeginMark(SeedsDay day, int date, RunId run, int number = 1) =>
        day.Begin(r => new PipelineMessage.MarkAsProcessing(r, SeedsDay.Date(date), run, number));

    public static RequestReply AskMark(SeedsDay day, int date, RunId run, int number = 1) => day.World.Replies[BeginMark(day, date, run, number)];

    public static MarkAsProcessingReply Mark(SeedsDay day, int date, RunId run, int number = 1) => AskMark(day, date, run, number).Body.ShouldBeOfType<MarkAsProcessingReply>();

    public static RequestReply AskProcessed(SeedsDay day, int date, RunId run, long? hold = null) =>
        day.AskPartition(date, r => new PartitionMessage.MarkAsProcessed(r, run, hold));

    public static MarkAsProcessedReply Processed(SeedsDay day, int date, RunId run) => AskProcessed(day, date, run).Body.ShouldBeOfType<MarkAsProcessedReply>();

    public static RequestId BeginCreation(SeedsDay day, int date, RunId run, int number = 1) =>
        day.Begin(r => new PipelineMessage.CreateFromLate(r, SeedsDay.Date(date), run, number));

    public static RequestReply AskCreation(SeedsDay day, int date, RunId run, int number = 1) => day.World.Replies[BeginCreation(day, date, run, number)];

    public static CreateFromLateReply Create(SeedsDay day, int date, RunId run, int number = 1) => AskCreation(day, date, run, number).Body.ShouldBeOfType<CreateFromLateReply>();

    public static RequestReply Release(SeedsDay day, int date, RunId run) => day.AskPartition(date, r => new PartitionMessage.Release(r, run, "it died"));
}
