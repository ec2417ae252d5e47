using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Tests.Unit.Actors;

/// <summary>Cancelling runs.</summary>
public sealed class CancelFacts
{
    private static readonly WorkReport Good = new(Note: null);
    private static readonly LogicalDate Third = SeedsDay.Date(3);
    private readonly SeedsDay _day = new();

    [Fact]
    public void A_run_that_works_keeps_its_hold_until_its_work_has_ended()
    {
        WorkOnTheThird();
        var asked = CancelOnly(3);

        _day.Partition(3).Hold.ShouldNotBeNull();
        asked().ShouldBeNull();
        _day.World.Settle();

        asked().ShouldNotBeNull().Body.ShouldBeOfType<RunRow>().State.ShouldBe(RunState.Cancelled);
        _day.Partition(3).ShouldSatisfyAllConditions(p => p.Hold.ShouldBeNull(), p => p.Section.ShouldBeNull(), p => p.LastProcessed.ShouldBeNull());
        _day.Pipeline.Slots.ShouldBeEmpty();
        _day.Run(3).Tasks.Select(t => t.State).ShouldBe(
            [TaskState.Success, TaskState.Success, TaskState.Cancelled, TaskState.Cancelled, TaskState.Cancelled, TaskState.Cancelled, TaskState.Cancelled]);
    }

    [Fact]
    public void Work_that_succeeds_while_it_is_being_cancelled_processes_nothing()
    {
        WorkOnTheThird();
        var asked = CancelOnly(3);
        var work = _day.World.Activities.Keys.Single(k => k.Id.StartsWith("work/", StringComparison.Ordinal));
        _day.World.End(work, ActivityOutcome.Completed, Good);
        _day.World.Settle();

        asked().ShouldNotBeNull().Status.ShouldBe(ReplyStatus.Ok);
        _day.Run(3).State.ShouldBe(RunState.Cancelled);
        _day.Partition(3).LastProcessed.ShouldBeNull();
    }

    [Fact]
    public void Its_creation_counts_as_ended_so_the_dates_after_it_end()
    {
        WorkOnTheThird();
        _day.Run(5).State.ShouldBe(RunState.Running);

        Cancel(3).Status.ShouldBe(ReplyStatus.Ok);

        _day.Runs().Where(r => r.Date != Third).ShouldAllBe(r => r.State == RunState.Success);
        _day.Pipeline.OpenScheduled.ShouldBe(0);
    }

    [Fact]
    public void A_mark_that_was_not_done_stays_so()
    {
        var waiting = new SeedsDay(d => d with { MaxActiveRuns = 1, MaxActiveBackfills = 1 }) { Work = _ => null };
        waiting.RunFirstFive();
        waiting.Task(2, TaskKind.Mark).State.ShouldNotBe(TaskState.Success);

        Ask(waiting, 2).Status.ShouldBe(ReplyStatus.Ok);
        waiting.Work = _ => Good;
        waiting.World.Settle();

        waiting.Run(1).State.ShouldBe(RunState.Success);
        waiting.Run(2).State.ShouldBe(RunState.Cancelled);
        waiting.Run(3).State.ShouldBe(RunState.Running);
        waiting.Task(3, TaskKind.Mark).Note.ShouldBe(null);
        waiting.Clear(2, task: "mark_partition_as_processing");
        waiting.Runs().ShouldAllBe(r => r.State == RunState.Success);
    }

    [Fact]
    public void A_cancelled_run_is_cleared_as_one_that_failed()
    {
        WorkOnTheThird();
        Cancel(3);
        _day.Work = _ => Good;

        var cleared = _day.Ask(r => new PipelineMessage.Clear(
            r, Third, Run: null, TaskId: null, Past: false, Future: false, Upstream: false, Downstream: false, DryRun: false, OnlyFailed: true));

        ((ClearReply)cleared.Body!).TaskInstances.ShouldBe(7);
        _day.Run(3).State.ShouldBe(RunState.Success);
        _day.Task(3, TaskKind.Work).Try.ShouldBe(2);
    }

    [Fact]
    public void Clearing_what_comes_after_cancelled_work_does_not_work_without_a_hold()
    {
        WorkOnTheThird();
        Cancel(3);
        _day.Work = _ => throw new InvalidOperationException("it has no hold to work under");

        _day.Clear(3, task: "backfill_creation_job");

        _day.Run(3).State.ShouldBe(RunState.Cancelled);
        _day.Run(3).Tasks[2..].ShouldAllBe(t => t.State == TaskState.Cancelled);
        _day.Work = _ => Good;
        _day.Clear(3, task: "process_devices");
        _day.Run(3).State.ShouldBe(RunState.Success);
    }

    [Fact]
    public void A_claim_of_a_cancelled_backfill_is_released_without_success()
    {
        _day.RunFirstFive();
        _day.LoadLate();
        _day.Work = w => w.Date == SeedsDay.Date(2) ? null : Good;
        _day.Clear(3);
        var backfill = _day.Run(2, RunKind.Backfill);
        backfill.State.ShouldBe(RunState.Running);

        Cancel(2, backfill.RunId).Status.ShouldBe(ReplyStatus.Ok);

        _day.Partition(2).ShouldSatisfyAllConditions(p => p.Claim.ShouldBeNull(), p => p.IsLate.ShouldBeTrue(), p => p.FailedClaims.ShouldBe(1));
        _day.World.State<BackfillState>(ActorIds.Backfill(SeedsDay.Loader)).Claims.ShouldBeEmpty();
        _day.Work = _ => Good;
        _day.Clear(3);
        _day.Late().ShouldBeEmpty();
    }

    [Fact]
    public void A_cancel_after_a_clear_ends_the_run_and_a_clear_after_a_cancel_runs_it_again()
    {
        WorkOnTheThird();
        _day.World.Tell(ActorIds.Pipeline(SeedsDay.Loader), ClearThird("clear-1"));
        _day.World.Tell(ActorIds.Partition(SeedsDay.Loader, Third), new PartitionMessage.CancelRun(RequestId.Parse("cancel-1"), RunId.Scheduled(Third)));
        _day.World.Settle();
        _day.World.Replies[RequestId.Parse("cancel-1")].Status.ShouldBe(ReplyStatus.Ok);

        Cancelled_or_cleared_it_is_counted_right();
        WorkAgain();
        _day.World.Tell(ActorIds.Partition(SeedsDay.Loader, Third), new PartitionMessage.CancelRun(RequestId.Parse("cancel-2"), RunId.Scheduled(Third)));
        _day.World.Tell(ActorIds.Pipeline(SeedsDay.Loader), ClearThird("clear-2"));
        _day.Work = _ => Good;
        _day.World.Settle();

        _day.World.Replies[RequestId.Parse("cancel-2")].Status.ShouldBe(ReplyStatus.Ok);
        _day.Run(3).State.ShouldBe(RunState.Success);
        _day.Pipeline.OpenScheduled.ShouldBe(0);
    }

    [Fact]
    public void A_cancelled_run_waits_for_nothing_that_may_still_come()
    {
        _day.Work = w => w.Date == Third ? new InvalidOperationException("again") : Good;
        _day.RunFirstFive();
        _day.Task(3, TaskKind.Work).State.ShouldBe(TaskState.UpForRetry);

        Cancel(3).Status.ShouldBe(ReplyStatus.Ok);
        _day.World.Advance(TimeSpan.FromHours(1));

        _day.Run(3).State.ShouldBe(RunState.Cancelled);
        _day.Task(3, TaskKind.Work).ShouldSatisfyAllConditions(t => t.Try.ShouldBe(1), t => t.State.ShouldBe(TaskState.Cancelled), t => t.Note.ShouldBe("again"));
    }

    [Fact]
    public void Of_two_that_cancel_a_run_that_works_both_are_answered()
    {
        WorkOnTheThird();
        var first = CancelOnly(3);
        var second = CancelOnly(3);
        _day.World.Settle();

        first().ShouldNotBeNull().Status.ShouldBe(ReplyStatus.Ok);
        second().ShouldNotBeNull().Status.ShouldBe(ReplyStatus.Ok);
    }

    [Fact]
    public void One_that_has_ended_or_is_not_there_is_refused()
    {
        _day.RunFirstFive();

        var ended = Cancel(3);
        (ended.Status, ended.Message).ShouldBe((ReplyStatus.FailedPrecondition, "scheduled__2024-01-03T00:00:00Z of devices_loader has ended already: success."));
        Cancel(3, RunId.Parse("manual__1")).Status.ShouldBe(ReplyStatus.NotFound);
        Cancel(9).Status.ShouldBe(ReplyStatus.NotFound);
    }

    private static PipelineMessage.Clear ClearThird(string request) => new(
        RequestId.Parse(request), Third, Run: null, TaskId: null, Past: false, Future: false, Upstream: false, Downstream: false, DryRun: false);

    private static RequestReply Ask(SeedsDay day, int date, RunId? run = null) => day.AskPartition(
        date, r => new PartitionMessage.CancelRun(r, run ?? RunId.Scheduled(SeedsDay.Date(date))));

    private RequestReply Cancel(int day, RunId? run = null) => Ask(_day, day, run);

    /// <summary>Lets the partition decide, but nothing after that.</summary>
    private Func<RequestReply?> CancelOnly(int day)
    {
        var request = RequestId.Parse($"only-{Guid.NewGuid():N}");
        _day.World.Tell(ActorIds.Partition(SeedsDay.Loader, SeedsDay.Date(day)), new PartitionMessage.CancelRun(request, RunId.Scheduled(SeedsDay.Date(day))));
        _day.World.SettleMail();
        return () => _day.World.Replies.GetValueOrDefault(request);
    }

    private void WorkOnTheThird()
    {
        _day.Work = w => w.Date == Third ? null : Good;
        _day.RunFirstFive();
        _day.Task(3, TaskKind.Work).State.ShouldBe(TaskState.Running);
    }

    private void WorkAgain()
    {
        _day.Work = w => w.Date == Third ? null : Good;
        _day.Clear(3);
        _day.Task(3, TaskKind.Work).State.ShouldBe(TaskState.Running);
    }

    private void Cancelled_or_cleared_it_is_counted_right()
    {
        _day.Run(3).State.ShouldBeOneOf(RunState.Cancelled, RunState.Running);
        _day.Pipeline.OpenScheduled.ShouldBe(_day.Runs().Count(r => r.State == RunState.Running));
    }
}
