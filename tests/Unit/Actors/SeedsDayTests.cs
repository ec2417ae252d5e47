using Latecomer.Actors;
using Latecomer.Contracts;

namespace Latecomer.Tests.Unit.Actors;

public sealed class SeedsDayTests
{
    [Fact]
    public void Five_scheduled_runs_succeed_and_find_nothing_late()
    {
        var day = new SeedsDay();
        day.RunFirstFive();

        day.Runs().Select(r => r.State).ShouldBe(Enumerable.Repeat(RunState.Success, 5));
        day.Runs().SelectMany(r => r.Tasks).Count(t => t.State == TaskState.Success).ShouldBe(30);
        day.Runs().SelectMany(r => r.Tasks).Count(t => t.State == TaskState.Skipped).ShouldBe(5);
        day.Runs().ShouldAllBe(r => r.Pin.Tables[SeedsDay.Devices].Version == 6);
        day.Files.Count.ShouldBe(5);
        day.Files.Values.ShouldAllBe(f => f.IsEmpty);
        day.Works.Count.ShouldBe(5);
    }

    [Fact]
    public void Data_that_lands_after_its_date_was_processed_makes_the_date_late()
    {
        var day = new SeedsDay();
        day.RunFirstFive();
        day.LoadLate();

        day.World.Rows<PartitionRow>(Projections.Late).Select(r => r.Date).ShouldBe([SeedsDay.Date(2), SeedsDay.Date(3)]);
    }

    [Fact]
    public void Clearing_the_third_with_future_backfills_the_second_once()
    {
        var day = Late();
        day.Clear(3, future: true, dryRun: true).TaskInstances.ShouldBe(21);
        day.Clear(3, future: true).TaskInstances.ShouldBe(21);

        Outcome(day, backfills: 1, works: 9);
        day.Files["backfilling_configuration_2024-01-03.json"].ShouldBe(["event_time=2024-01-02"]);
        day.Files["backfilling_configuration_2024-01-04.json"].ShouldBeEmpty();
        day.Files["backfilling_configuration_2024-01-05.json"].ShouldBeEmpty();
    }

    [Fact]
    public void Clearing_the_fourth_and_fifth_backfills_the_second_and_third_once_each()
    {
        var day = Late();
        (day.Clear(4).TaskInstances + day.Clear(5).TaskInstances).ShouldBe(14);

        Outcome(day, backfills: 2, works: 9);
        day.Files["backfilling_configuration_2024-01-04.json"].ShouldBe(["event_time=2024-01-02", "event_time=2024-01-03"]);
        day.Files["backfilling_configuration_2024-01-05.json"].ShouldBeEmpty();
    }

    [Fact]
    public void Clearing_the_third_with_past_processes_all_three_and_backfills_nothing()
    {
        var day = Late();
        day.Clear(3, past: true).TaskInstances.ShouldBe(21);

        Outcome(day, backfills: 0, works: 8);
        foreach (var date in new[] { 1, 2, 3 })
        {
            day.Files[$"backfilling_configuration_2024-01-{date:D2}.json"].ShouldBeEmpty();
        }
    }

    private static SeedsDay Late()
    {
        var day = new SeedsDay();
        day.RunFirstFive();
        day.LoadLate();
        day.Files.Clear();
        return day;
    }

    private static void Outcome(SeedsDay day, int backfills, int works)
    {
        day.Runs().ShouldAllBe(r => r.State == RunState.Success);
        day.Runs().Count(r => r.Kind == RunKind.Backfill).ShouldBe(backfills);
        day.Works.Count.ShouldBe(works);
        day.World.Rows<PartitionRow>(Projections.Late).ShouldBeEmpty();
        day.World.State<PipelineState>(ActorIds.Pipeline(SeedsDay.Loader)).Slots.ShouldBeEmpty();
        day.World.State<BackfillState>(ActorIds.Backfill(SeedsDay.Loader)).Claims.ShouldBeEmpty();
    }
}
