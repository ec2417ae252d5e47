using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Tests.Unit.Actors;

/// <summary>Backfills of a range of dates.</summary>
public sealed class RangeBackfillFacts
{
    private static readonly WorkReport Good = new(Note: null);
    private readonly SeedsDay _day = new(d => d with { Retries = 0 });

    [Fact]
    public void All_dates_of_the_range_run_again_as_backfills_that_name_it()
    {
        _day.RunFirstFive();

        var reply = Create(2, 4);

        reply.Dates.ShouldBe([SeedsDay.Date(2), SeedsDay.Date(3), SeedsDay.Date(4)]);
        (reply.Planned, reply.Skipped).ShouldBe((3, 0));
        var at = Row().CreatedAt;
        var runs = _day.Runs().Where(r => r.Kind == RunKind.Backfill).ToList();
        runs.Select(r => r.RunId).ShouldBe([.. new[] { 2, 3, 4 }.Select(d => RunId.Backfill(SeedsDay.Date(d), SeedsDay.Date(2), at, Schedule.Daily))]);
        runs.ShouldAllBe(r => r.Backfill == 1 && r.State == RunState.Success);
        Row().ShouldSatisfyAllConditions(
            r => r.State.ShouldBe(RangeBackfillState.Completed), r => r.Counts.ShouldBe(new RangeBackfillCounts(3, 3, 3, 0, 0)), r => r.EndedAt.ShouldNotBeNull());
        _day.Pipeline.Backfill.ShouldBeNull();
    }

    [Fact]
    public void Without_reprocessing_only_dates_without_a_run_run()
    {
        _day.RunFirstFive();

        var reply = Create(1, 5, ReprocessBehavior.None);

        (reply.Planned, reply.Skipped).ShouldBe((0, 5));
        Row().State.ShouldBe(RangeBackfillState.Completed);
        _day.Runs().ShouldAllBe(r => r.Kind == RunKind.Scheduled);
    }

    [Fact]
    public void With_reprocessing_of_failed_ones_only_these_run_again()
    {
        _day.Work = w => w.Date == SeedsDay.Date(2) || w.Date == SeedsDay.Date(4) ? new InvalidOperationException("no") : Good;
        _day.RunFirstFive();
        _day.Work = w => w.Date == SeedsDay.Date(4) ? new InvalidOperationException("no") : Good;

        Create(1, 5, ReprocessBehavior.Failed).Dates.ShouldBe([SeedsDay.Date(2), SeedsDay.Date(4)]);

        Row().Counts.ShouldBe(new RangeBackfillCounts(2, 2, 1, 1, 3));
        Row().State.ShouldBe(RangeBackfillState.Completed);
    }

    [Fact]
    public void A_dry_run_says_what_would_run_and_runs_nothing()
    {
        _day.RunFirstFive();

        var reply = Create(2, 4, backwards: true, dryRun: true);

        reply.Backfill.ShouldBeNull();
        reply.Dates.ShouldBe([SeedsDay.Date(4), SeedsDay.Date(3), SeedsDay.Date(2)]);
        _day.Runs().Count.ShouldBe(5);
        _day.Pipeline.ShouldSatisfyAllConditions(p => p.Backfill.ShouldBeNull(), p => p.BackfillsMade.ShouldBe(0));
        _day.World.Rows<BackfillRow>(Projections.Backfills).ShouldBeEmpty();
    }

    [Fact]
    public void Backwards_the_last_date_comes_first_one_at_a_time_if_that_is_wanted()
    {
        _day.RunFirstFive();
        var works = _day.Works.Count;

        Create(2, 4, backwards: true, maxActive: 1);

        _day.Works.Skip(works).Select(w => w.Date).ShouldBe([SeedsDay.Date(4), SeedsDay.Date(3), SeedsDay.Date(2)]);
    }

    [Fact]
    public void Its_runs_take_no_more_slots_than_backfills_may()
    {
        _day.RunFirstFive();
        _day.Work = _ => null;

        Create(1, 5, maxActive: 5);

        Row().MaxActive.ShouldBe(2);
        _day.Pipeline.Slots.Select(s => (s.Date, s.Kind)).ShouldBe([(SeedsDay.Date(1), RunKind.Backfill), (SeedsDay.Date(2), RunKind.Backfill)]);
        _day.Runs().Count(r => r.Kind == RunKind.Backfill).ShouldBe(2);
    }

    [Fact]
    public void A_date_with_an_active_run_or_a_claim_is_passed_over()
    {
        _day.RunFirstFive();
        _day.LoadLate();
        _day.Work = w => w.Date == SeedsDay.Date(2) || w.Date == SeedsDay.Date(5) ? null : Good;
        _day.Clear(5);
        _day.Ask(r => new PipelineMessage.Trigger(r, SeedsDay.Date(4)));
        _day.Clear(3);
        _day.Run(2, RunKind.Backfill).State.ShouldBe(RunState.Running);

        Create(1, 5, dryRun: true).ShouldSatisfyAllConditions(
            r => r.Dates.ShouldBe([SeedsDay.Date(1), SeedsDay.Date(3), SeedsDay.Date(4)]), r => r.Skipped.ShouldBe(2));
    }

    [Fact]
    public void A_date_that_got_a_run_meanwhile_is_passed_over_after_all()
    {
        _day.RunFirstFive();
        _day.Work = w => w.Date < SeedsDay.Date(3) ? null : Good;
        Create(1, 5, maxActive: 2);
        _day.Work = w => w.Date < SeedsDay.Date(4) ? null : Good;
        _day.Ask(r => new PipelineMessage.Trigger(r, SeedsDay.Date(3)));
        _day.Run(3, RunKind.Manual).State.ShouldBe(RunState.Running);

        _day.Work = w => w.Date == SeedsDay.Date(3) ? null : Good;
        _day.World.Settle();

        Row().ShouldSatisfyAllConditions(r => r.State.ShouldBe(RangeBackfillState.Completed), r => r.Counts.ShouldBe(new RangeBackfillCounts(4, 4, 4, 0, 1)));
    }

    [Fact]
    public void A_late_date_that_it_runs_is_not_late_any_more_and_nobody_claims_it_meanwhile()
    {
        _day.RunFirstFive();
        _day.LoadLate();
        _day.Work = w => w.Date == SeedsDay.Date(2) ? null : Good;
        Create(2, 2);
        _day.Clear(3);
        _day.Files["backfilling_configuration_2024-01-03.json"].ShouldBeEmpty();

        _day.Work = _ => Good;
        _day.World.Settle();

        _day.Late().ShouldBeEmpty();
        _day.World.State<BackfillState>(ActorIds.Backfill(SeedsDay.Loader)).Late.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Paused_it_makes_no_more_runs_until_it_goes_on()
    {
        StartTwoOfFive();

        Steer(r => new PipelineMessage.PauseBackfill(r, 1)).State.ShouldBe(RangeBackfillState.Paused);
        _day.Work = _ => Good;
        _day.World.Settle();
        Row().Counts.ShouldBe(new RangeBackfillCounts(5, 2, 2, 0, 0));
        Steer(r => new PipelineMessage.PauseBackfill(r, 1)).State.ShouldBe(RangeBackfillState.Paused);

        Steer(r => new PipelineMessage.UnpauseBackfill(r, 1)).State.ShouldBe(RangeBackfillState.Running);
        _day.World.Settle();
        Row().ShouldSatisfyAllConditions(r => r.State.ShouldBe(RangeBackfillState.Completed), r => r.Counts.Succeeded.ShouldBe(5));
    }

    [Fact]
    public void Cancelled_it_ends_when_its_runs_have()
    {
        StartTwoOfFive();

        var row = Steer(r => new PipelineMessage.CancelBackfill(r, 1));

        row.ShouldSatisfyAllConditions(
            r => r.State.ShouldBe(RangeBackfillState.Cancelled), r => r.Counts.ShouldBe(new RangeBackfillCounts(5, 2, 0, 2, 0)), r => r.EndedAt.ShouldNotBeNull());
        _day.Runs().Where(r => r.Kind == RunKind.Backfill).Select(r => r.State).ShouldBe([RunState.Cancelled, RunState.Cancelled]);
        _day.Pipeline.Slots.ShouldBeEmpty();
        _day.Ask(r => new PipelineMessage.CancelBackfill(r, 1)).ShouldSatisfyAllConditions(
            r => r.Status.ShouldBe(ReplyStatus.FailedPrecondition), r => r.Message.ShouldBe("The backfill 1 of devices_loader has ended."));
        _day.Ask(r => new PipelineMessage.PauseBackfill(r, 2)).Status.ShouldBe(ReplyStatus.NotFound);
    }

    [Fact]
    public void A_run_of_it_that_is_cleared_while_it_is_active_is_waited_for_and_counted_once()
    {
        StartTwoOfFive();
        _day.Work = w => w.Date == SeedsDay.Date(2) ? null : Good;
        _day.World.Settle();
        var first = _day.Run(1, RunKind.Backfill);
        first.State.ShouldBe(RunState.Success);

        _day.Work = w => w.Date == SeedsDay.Date(2) || w.Date == SeedsDay.Date(1) ? null : Good;
        _day.Clear(1, run: first.RunId);
        Row().Counts.Succeeded.ShouldBe(3);
        _day.Work = w => w.Date == SeedsDay.Date(1) ? null : Good;
        _day.World.Settle();
        Row().State.ShouldBe(RangeBackfillState.Running);
        _day.Work = _ => Good;
        _day.World.Settle();

        Row().ShouldSatisfyAllConditions(r => r.State.ShouldBe(RangeBackfillState.Completed), r => r.Counts.ShouldBe(new RangeBackfillCounts(5, 5, 5, 0, 0)));
    }

    [Fact]
    public void One_is_active_at_a_time()
    {
        StartTwoOfFive();

        _day.Ask(r => Message(r, 1, 2)).Message.ShouldBe(
            "The backfill 1 of devices_loader, from 2024-01-01 to 2024-01-05, is active: wait for its end, or cancel it.");
        Steer(r => new PipelineMessage.CancelBackfill(r, 1));
        _day.Work = _ => Good;
        Create(1, 2).Backfill.ShouldNotBeNull().Number.ShouldBe(2);
        _day.World.Rows<BackfillRow>(Projections.Backfills).Select(r => r.Number).ShouldBe([2, 1]);
    }

    [Theory]
    [InlineData(4, 2, 0, "no range of execution dates")]
    [InlineData(1, 6, 0, "no range of execution dates")]
    [InlineData(1, 2, -1, "max_active_runs")]
    public void A_range_that_is_none_is_refused(int from, int to, int maxActive, string words)
    {
        _day.RunFirstFive();

        var reply = _day.Ask(r => Message(r, from, to) with { MaxActive = maxActive });
        reply.ShouldSatisfyAllConditions(r => r.Status.ShouldBe(ReplyStatus.InvalidArgument), r => r.Message.ShouldNotBeNull().ShouldContain(words));
    }

    [Fact]
    public void The_future_and_too_long_a_range_are_refused()
    {
        var endless = new SeedsDay(d => d with { End = null, Start = LogicalDate.Parse("1990-01-01"), MaxActiveRuns = 1, MaxActiveBackfills = 1 }) { Work = _ => null };
        endless.RunFirstFive();
        PipelineMessage.CreateBackfill Of(RequestId r, string from, string to) =>
            Message(r, 1, 2) with { Dates = new DateRange(LogicalDate.Parse(from), LogicalDate.Parse(to)) };

        endless.Ask(r => Of(r, "2025-12-31", "2026-01-01")).Message.ShouldBe("The interval of 2026-01-01 has not ended yet: a backfill is of the past.");
        endless.Ask(r => Of(r, "1990-01-01", "2025-12-31")).Message.ShouldBe("A backfill has at most 10000 dates: make one of a shorter range.");
    }

    [Fact]
    public void Ten_thousand_dates_are_kept_in_a_small_state()
    {
        var endless = new SeedsDay(d => d with { End = null, Start = LogicalDate.Parse("1990-01-01"), MaxActiveRuns = 1, MaxActiveBackfills = 1 }) { Work = _ => null };
        endless.RunFirstFive();
        var dates = new DateRange(LogicalDate.Parse("1990-01-01"), Schedule.Daily.Shift(LogicalDate.Parse("1990-01-01"), 9_999));

        var reply = (CreateBackfillReply)endless.Ask(r => Message(r, 1, 2, ReprocessBehavior.None) with { Dates = dates, Backwards = true }).Body!;

        (reply.Planned + reply.Skipped, reply.Dates.Length).ShouldBe((10_000, 1000));
        reply.Planned.ShouldBeGreaterThan(9_600);
        reply.Dates[0].ShouldBe(dates.To);
        DurableJson.Write(endless.Pipeline).Length.ShouldBeLessThan(8 * 1024);
    }

    [Fact]
    public void There_is_no_backfill_of_a_pipeline_that_is_not_there() =>
        _day.Ask(r => Message(r, 1, 2)).Status.ShouldBe(ReplyStatus.NotFound);

    private static PipelineMessage.CreateBackfill Message(RequestId request, int from, int to, ReprocessBehavior behavior = ReprocessBehavior.Completed) =>
        new(request, new DateRange(SeedsDay.Date(from), SeedsDay.Date(to)), behavior, Backwards: false, MaxActive: 0, DryRun: false);

    private CreateBackfillReply Create(
        int from, int to, ReprocessBehavior behavior = ReprocessBehavior.Completed, bool backwards = false, int maxActive = 0, bool dryRun = false)
    {
        var reply = _day.Ask(r => Message(r, from, to, behavior) with { Backwards = backwards, MaxActive = maxActive, DryRun = dryRun });
        reply.Status.ShouldBe(ReplyStatus.Ok, reply.Message);
        return (CreateBackfillReply)reply.Body!;
    }

    private BackfillRow Steer(Func<RequestId, PipelineMessage> message)
    {
        var reply = _day.Ask(message);
        reply.Status.ShouldBe(ReplyStatus.Ok, reply.Message);
        return (BackfillRow)reply.Body!;
    }

    private BackfillRow Row() => _day.World.Rows<BackfillRow>(Projections.Backfills)[0];

    private void StartTwoOfFive()
    {
        _day.RunFirstFive();
        _day.Work = _ => null;
        Create(1, 5);
        Row().Counts.ShouldBe(new RangeBackfillCounts(5, 2, 0, 0, 0));
    }
}
