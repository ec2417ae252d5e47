using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Tests.Unit.Actors;

/// <summary>Marking: the order of dates, the hold, the pin.</summary>
public sealed class MarkFacts
{
    [Fact]
    public void Marks_of_scheduled_runs_follow_their_dates()
    {
        var day = new SeedsDay();
        day.RunFirstFive();

        day.World.Journal.Select(j => j.Entry).OfType<MarkingEntry.Marked>().Select(m => m.Date)
            .ShouldBe(Enumerable.Range(1, 5).Select(SeedsDay.Date));
    }

    [Fact]
    public void A_date_whose_predecessor_cannot_mark_waits_without_a_slot()
    {
        var stuck = new SeedsDay(d => d with { Retries = 0 });
        stuck.Table.Problem = new TableProblem("CorruptCommit", "commit 3 is broken");
        stuck.World.RunActivity = Unreadable(stuck);
        stuck.Ask(r => new PipelineMessage.Apply(r, stuck.Definition));

        stuck.Run(1).State.ShouldBe(RunState.Failed);
        stuck.Task(1, TaskKind.Mark).Note.ShouldBe("commit 3 is broken");
        stuck.Run(2).State.ShouldBe(RunState.Running);
        stuck.Task(2, TaskKind.Mark).State.ShouldBe(TaskState.Queued);
        stuck.Pipeline.Slots.ShouldBeEmpty();
    }

    [Fact]
    public void Runs_are_made_only_a_few_ahead_of_the_marks()
    {
        var day = new SeedsDay(d => d with { Retries = 0, End = SeedsDay.Date(31), MaxActiveRuns = 2, MaxActiveBackfills = 1 });
        day.Table.Problem = new TableProblem("CorruptCommit", "commit 3 is broken");
        day.World.RunActivity = Unreadable(day);
        day.Ask(r => new PipelineMessage.Apply(r, day.Definition));

        day.Runs().Count.ShouldBe(3);
    }

    [Fact]
    public void A_cleared_mark_holds_back_the_dates_after_it_until_it_is_marked_again()
    {
        var day = new SeedsDay();
        day.RunFirstFive();
        day.World.Journal.Clear();
        day.Clear(3, future: true);

        day.World.Journal.Select(j => j.Entry).OfType<MarkingEntry.Marked>().Select(m => m.Date)
            .ShouldBe([SeedsDay.Date(3), SeedsDay.Date(4), SeedsDay.Date(5)]);
    }

    [Fact]
    public void Word_from_before_a_clear_does_not_count()
    {
        var schedule = Schedule.Daily;
        var order = DateOrder.Empty.Complete(SeedsDay.Date(1), schedule)
            .Reset(new DateRange(SeedsDay.Date(1), SeedsDay.Date(3)), 4, schedule);

        order.IsDone(SeedsDay.Date(1)).ShouldBeFalse();
        order.RequiredClear(SeedsDay.Date(2)).ShouldBe(4);
        order.RequiredClear(SeedsDay.Date(4)).ShouldBe(0);
        order.Complete(SeedsDay.Date(2), schedule).RequiredClear(SeedsDay.Date(2)).ShouldBe(0);
    }

    [Fact]
    public void Each_hold_has_a_higher_number_and_the_work_is_told()
    {
        var day = new SeedsDay();
        day.RunFirstFive();
        day.Clear(3);

        var numbers = day.Works.Where(w => w.Date == SeedsDay.Date(3)).Select(w => w.HoldNumber).ToList();
        numbers.Count.ShouldBe(2);
        numbers[1].ShouldBeGreaterThan(numbers[0]);
    }

    [Fact]
    public void A_second_run_of_a_date_waits_until_the_first_has_processed_it()
    {
        var day = new SeedsDay();
        day.RunFirstFive();
        day.Work = _ => null;
        day.Ask(r => new PipelineMessage.Trigger(r, SeedsDay.Date(2)));
        day.Ask(r => new PipelineMessage.Trigger(r, SeedsDay.Date(2)));

        day.Partition(2).OpenRuns.Select(r => r.Wait).ShouldBe([Wait.Work, Wait.Section]);
        day.Pipeline.Slots.Count.ShouldBe(1);

        day.Work = _ => new WorkReport(Note: null);
        day.World.Settle();
        day.Partition(2).OpenRuns.ShouldBeEmpty();
        var numbers = day.Partition(2).Runs.Select(r => r.HoldNumber).ToList();
        numbers.Count.ShouldBe(3);
        numbers.ShouldBeUnique();
        numbers.ShouldBeInOrder();
        day.Partition(2).HoldNumber.ShouldBe(numbers[^1]);
    }

    [Fact]
    public void A_hold_has_a_number_above_all_that_were_given_before_this_state_was_lost()
    {
        var before = new SeedsDay();
        before.RunFirstFive();
        before.Ask(r => new PipelineMessage.Trigger(r, SeedsDay.Date(2)));

        var after = new SeedsDay();
        after.World.Advance(before.World.Now - after.World.Now + TimeSpan.FromSeconds(1));
        after.RunFirstFive();

        after.Partition(2).HoldNumber.ShouldBeGreaterThan(before.Partition(2).HoldNumber);
    }

    [Fact]
    public void A_run_pins_the_newest_version_when_it_marks()
    {
        var day = new SeedsDay();
        day.RunFirstFive();
        day.LoadLate();
        day.Clear(3);

        day.Run(3).Pin.Tables[SeedsDay.Devices].Version.ShouldBe(8);
        day.Partition(3).LastProcessed.ShouldBe(day.Run(3).Pin);
    }

    private static Func<ActivityKey, string, byte[], object?> Unreadable(SeedsDay day)
    {
        var run = day.World.RunActivity;
        var problem = day.Table.Problem!;
        day.Table.Problem = null;
        return (key, kind, input) =>
        {
            day.Table.Problem = kind == ReadCommits.Kind ? problem : null;
            return run(key, kind, input);
        };
    }
}
