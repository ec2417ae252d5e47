using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Tests.Unit.Actors;

/// <summary>Pausing a pipeline.</summary>
public sealed class PauseFacts
{
    private static readonly WorkReport Good = new(Note: null);
    private readonly SeedsDay _day = new(d => d with { MaxActiveRuns = 1, MaxActiveBackfills = 1 });

    [Fact]
    public void What_holds_a_slot_goes_on_to_its_end_and_nothing_else_begins()
    {
        _day.Work = _ => null;
        _day.RunFirstFive();

        Pause().Paused.ShouldBeTrue();
        _day.Work = _ => Good;
        _day.World.Settle();

        _day.Run(1).State.ShouldBe(RunState.Success);
        _day.Works.Count.ShouldBe(1);
        _day.Pipeline.Slots.ShouldBeEmpty();
        _day.World.Rows<PipelineRow>(Projections.Pipelines).ShouldHaveSingleItem().Paused.ShouldBeTrue();
    }

    [Fact]
    public void Unpaused_it_makes_the_runs_that_became_due_meanwhile()
    {
        var day = new SeedsDay(d => d with { Start = LogicalDate.Parse("2025-12-30"), End = null, MaxActiveRuns = 9, MaxActiveBackfills = 9 });
        day.RunFirstFive();
        day.Ask(r => new PipelineMessage.Pause(r));
        var next = day.Pipeline.NextDate;
        day.World.Advance(TimeSpan.FromDays(3));
        day.Pipeline.NextDate.ShouldBe(next);

        var row = (PipelineRow)day.Ask(r => new PipelineMessage.Unpause(r)).Body!;

        row.Paused.ShouldBeFalse();
        row.NextDate.ShouldBe(Schedule.Daily.Shift(next!.Value, 3));
        day.World.Advance(TimeSpan.FromDays(1));
        day.Pipeline.NextDate.ShouldBe(Schedule.Daily.Shift(next.Value, 4));
    }

    [Fact]
    public void What_is_late_meanwhile_is_known()
    {
        _day.RunFirstFive();
        Pause();
        _day.LoadLate();

        _day.Late().ShouldBe([SeedsDay.Date(2), SeedsDay.Date(3)]);
    }

    [Fact]
    public void Pausing_a_paused_one_changes_nothing()
    {
        _day.RunFirstFive();
        Pause();
        var entries = _day.World.Journal.Count;

        Pause().Paused.ShouldBeTrue();
        _day.World.Journal.Count.ShouldBe(entries);
    }

    [Fact]
    public void Runs_that_a_person_asks_for_wait()
    {
        _day.RunFirstFive();
        Pause();
        _day.Ask(r => new PipelineMessage.Trigger(r, SeedsDay.Date(2))).Status.ShouldBe(ReplyStatus.Ok);
        _day.Run(2, RunKind.Manual).State.ShouldBe(RunState.Running);
        _day.Works.Count.ShouldBe(5);

        ((PipelineRow)_day.Ask(r => new PipelineMessage.Unpause(r)).Body!).ActiveRuns.ShouldBe(1);
        _day.World.Settle();
        _day.Run(2, RunKind.Manual).State.ShouldBe(RunState.Success);
    }

    [Fact]
    public void A_backfill_of_a_range_makes_no_runs_meanwhile()
    {
        _day.RunFirstFive();
        Pause();
        _day.Ask(r => new PipelineMessage.CreateBackfill(
            r, new DateRange(SeedsDay.Date(1), SeedsDay.Date(2)), ReprocessBehavior.Completed, Backwards: false, 0, DryRun: false)).Status.ShouldBe(ReplyStatus.Ok);
        _day.Runs().Count.ShouldBe(5);

        _day.Ask(r => new PipelineMessage.Unpause(r));
        _day.World.Settle();
        _day.Runs().Count(r => r is { Kind: RunKind.Backfill, State: RunState.Success }).ShouldBe(2);
    }

    [Fact]
    public void One_that_is_not_there_is_not_found() => _day.Ask(r => new PipelineMessage.Pause(r)).Status.ShouldBe(ReplyStatus.NotFound);

    private PipelineRow Pause() => (PipelineRow)_day.Ask(r => new PipelineMessage.Pause(r)).Body!;
}
