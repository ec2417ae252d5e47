using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Tests.Unit.Actors;

/// <summary>Clearing only what has failed.</summary>
public sealed class ClearFailedFacts
{
    private static readonly WorkReport Good = new(Note: null);
    private readonly SeedsDay _day = new(d => d with { Retries = 0 });

    [Fact]
    public void Only_the_runs_that_failed_run_again()
    {
        FailTheSecondAndTheFourth();
        var works = _day.Works.Count;

        var reply = ClearFailed(Clear(1) with { Future = true });

        reply.ShouldBe((14, 2, SeedsDay.Date(2), SeedsDay.Date(4)));
        _day.Runs().ShouldAllBe(r => r.State == RunState.Success);
        _day.Works.Skip(works).Select(w => w.Date).ShouldBe([SeedsDay.Date(2), SeedsDay.Date(4)]);
    }

    [Fact]
    public void A_dry_run_counts_what_has_failed_and_clears_nothing()
    {
        FailTheSecondAndTheFourth();
        var runs = _day.Runs();

        ClearFailed(Clear(1) with { Future = true, DryRun = true }).ShouldBe((14, 2, SeedsDay.Date(2), SeedsDay.Date(4)));
        ClearFailed(Clear(3) with { DryRun = true }).Runs.ShouldBe(0);
        ClearFailed(Clear(1) with { Future = true, DryRun = true, TaskId = "backfill_creation_job" }).ShouldBe((2, 2, SeedsDay.Date(2), SeedsDay.Date(4)));

        _day.Runs().Select(r => (r.RunId, r.State)).ShouldBe(runs.Select(r => (r.RunId, r.State)));
        _day.Pipeline.Clears.ShouldBeEmpty();
    }

    [Fact]
    public void The_mark_of_a_failed_run_is_cleared_with_its_work_and_follows_the_date_before()
    {
        _day.Work = w => w.Date < SeedsDay.Date(3) ? new InvalidOperationException("no") : Good;
        _day.RunFirstFive();
        _day.Work = w => w.Date == SeedsDay.Date(1) ? null : Good;

        _day.Ask(r => Clear(2) with { Request = r, Past = true, TaskId = "process_devices" });

        _day.Run(2).State.ShouldBe(RunState.Success);
        _day.Task(1, TaskKind.Work).State.ShouldBe(TaskState.Running);
        _day.World.State<MarkingState>(ActorIds.Marking(SeedsDay.Loader)).Order.Resets.ShouldBeEmpty();
    }

    [Fact]
    public void A_run_that_still_works_is_left_alone()
    {
        _day.Work = w => w.Date == SeedsDay.Date(3) ? null : Good;
        _day.RunFirstFive();

        ClearFailed(Clear(3)).Runs.ShouldBe(0);
        _day.Task(3, TaskKind.Work).ShouldSatisfyAllConditions(t => t.State.ShouldBe(TaskState.Running), t => t.Try.ShouldBe(1));
    }

    [Fact]
    public void Where_nothing_has_failed_nothing_is_cleared()
    {
        _day.RunFirstFive();

        ClearFailed(Clear(5) with { Past = true }).ShouldBe((0, 0, SeedsDay.Date(1), SeedsDay.Date(5)));
    }

    [Fact]
    public void A_run_by_its_id_that_is_not_there_is_not_found()
    {
        _day.RunFirstFive();

        var reply = _day.Ask(r => Clear(5) with { Request = r, Run = RunId.Parse("manual__1") });
        reply.Status.ShouldBe(ReplyStatus.NotFound);
        _day.Pipeline.Clears.ShouldBeEmpty();
    }

    [Fact]
    public void Failures_in_too_many_stretches_are_refused_for_what_remembers_them_is_bounded()
    {
        var schedule = Schedule.Daily;
        var survey = Enumerable.Range(0, FailureSurvey.MostStretches + 1)
            .Aggregate(new FailureSurvey(DryRun: false, IsComplete: false, []), (s, i) => s.With(schedule.Shift(SeedsDay.Date(1), 2 * i), [TaskKind.Creation], schedule));
        survey.Stretches.ShouldBe(FailureSurvey.MostStretches + 1);
        var clear = new ClearOperation(
            1, RequestId.Parse("1"), new DateRange(SeedsDay.Date(1), SeedsDay.Date(28)), Run: null, [TaskKind.Creation], 0, NextDate: null, 1, survey);
        var state = PipelineState.Empty with { Definition = _day.Definition, NextDate = SeedsDay.Date(28), Clears = [clear], ClearNumber = 1, OpenScheduled = 300 };

        var turn = new Turn<PipelineState, PipelineEntry>(
            new TurnContext(ActorIds.Pipeline(SeedsDay.Loader), Sender: null, DateTimeOffset.UnixEpoch, "test"), state, new PipelineActor().Apply);
        new PipelineActor().Handle(turn, new PipelineMessage.FailuresFound(1, SeedsDay.Date(1), Found: true, []));

        turn.Effects.Replies.ShouldHaveSingleItem().Message.ShouldNotBeNull().ShouldContain("100 stretches");
        turn.State.Clears.ShouldBeEmpty();
    }

    private static PipelineMessage.Clear Clear(int day) => new(
        RequestId.Parse("none"), SeedsDay.Date(day), Run: null, TaskId: null, Past: false, Future: false, Upstream: false, Downstream: false, DryRun: false, OnlyFailed: true);

    private (long Tasks, long Runs, LogicalDate From, LogicalDate To) ClearFailed(PipelineMessage.Clear clear)
    {
        var reply = _day.Ask(r => clear with { Request = r });
        reply.Status.ShouldBe(ReplyStatus.Ok, reply.Message);
        var body = (ClearReply)reply.Body!;
        return (body.TaskInstances, body.Runs, body.From, body.To);
    }

    private void FailTheSecondAndTheFourth()
    {
        _day.Work = w => w.Date == SeedsDay.Date(2) || w.Date == SeedsDay.Date(4) ? new InvalidOperationException("no") : Good;
        _day.RunFirstFive();
        _day.Run(2).State.ShouldBe(RunState.Failed);
        _day.Run(4).State.ShouldBe(RunState.Failed);
        _day.Work = _ => Good;
    }
}
