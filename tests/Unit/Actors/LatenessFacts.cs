using System.Collections.Immutable;
using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Tests.Unit.Actors;

/// <summary>What makes a partition late, and what does not.</summary>
public sealed class LatenessFacts
{
    [Fact]
    public void Data_that_lands_while_a_run_works_is_late_when_the_run_ends()
    {
        var day = new SeedsDay { Work = w => w.Date == SeedsDay.Date(2) ? null : new WorkReport(Note: null) };
        day.RunFirstFive();
        day.Load("2024-01-02");
        day.Late().ShouldBeEmpty();

        day.Work = _ => new WorkReport(Note: null);
        day.World.Settle();

        day.Run(2).Pin.Tables[SeedsDay.Devices].Version.ShouldBe(6);
        day.Files["backfilling_configuration_2024-01-03.json"].ShouldBe(["event_time=2024-01-02"]);
        day.Run(2, RunKind.Backfill).Pin.Tables[SeedsDay.Devices].Version.ShouldBe(7);
        day.Late().ShouldBeEmpty();
    }

    [Fact]
    public void A_commit_without_data_change_makes_nothing_late()
    {
        var day = Processed();
        day.Table.Commit(dataChange: false, "2024-01-02");
        day.World.Settle();

        day.Late().ShouldBeEmpty();
        day.Partition(2).Inputs[SeedsDay.Devices].ActiveFiles.ShouldBe(2);
    }

    [Fact]
    public void A_change_that_maps_to_no_date_makes_nothing_late_and_is_listed()
    {
        var day = Processed();
        day.Load(null, "no date", "2024-01-02");

        day.Late().ShouldBe([SeedsDay.Date(2)]);
        day.World.Rows<CommitRow>(Projections.Commits)[^1].Nowhere.ShouldBe(2);
    }

    [Fact]
    public void A_change_of_a_date_that_was_never_processed_makes_nothing_late()
    {
        var day = Processed();
        day.Load("2024-01-06");

        day.Late().ShouldBeEmpty();
    }

    [Fact]
    public void With_a_window_one_change_makes_every_date_late_that_reads_it()
    {
        var day = new SeedsDay(d => d with { Inputs = [d.Primary with { From = -2 }] });
        day.RunFirstFive();
        day.Load("2024-01-02");

        day.Late().ShouldBe([SeedsDay.Date(2), SeedsDay.Date(3), SeedsDay.Date(4)]);
    }

    [Fact]
    public void A_late_partition_stays_late_until_a_run_pinned_at_the_change_succeeds()
    {
        var day = Processed();
        day.Load("2024-01-02");
        day.Work = _ => new InvalidOperationException("no");
        day.Clear(2);
        day.World.Advance(TimeSpan.FromHours(1));
        day.Run(2).State.ShouldBe(RunState.Failed);
        day.Late().ShouldBe([SeedsDay.Date(2)]);

        day.Work = _ => new WorkReport(Note: null);
        day.Clear(2);

        day.Run(2).State.ShouldBe(RunState.Success);
        day.Late().ShouldBeEmpty();
    }

    [Fact]
    public void A_change_that_arrives_after_a_run_pinned_above_it_is_not_late()
    {
        var actor = new PartitionActor();
        var pin = Pin.None.With(SeedsDay.Devices, new TablePin("table-1", 8));
        var state = PartitionState.Empty with { LastProcessed = pin };
        var seen = new InputChange("table-1", 7, DateTimeOffset.UnixEpoch, 1, 1);

        actor.Apply(state, new PartitionEntry.ChangeSeen(SeedsDay.Devices, seen, 1, Affects: true)).IsLate.ShouldBeFalse();
        actor.Apply(state, new PartitionEntry.ChangeSeen(SeedsDay.Devices, seen with { Version = 9 }, 1, Affects: true)).IsLate.ShouldBeTrue();
        actor.Apply(state, new PartitionEntry.ChangeSeen(SeedsDay.Devices, seen with { TableId = "table-2" }, 1, Affects: true)).IsLate.ShouldBeTrue();
    }

    [Fact]
    public void The_sensor_waits_for_the_next_partition_without_a_slot_and_the_run_pins_anew()
    {
        var day = new SeedsDay(d => d with { End = SeedsDay.Date(7) });
        day.RunFirstFive();
        day.Task(7, TaskKind.Sensor).State.ShouldBe(TaskState.UpForReschedule);
        day.Pipeline.Slots.ShouldBeEmpty();

        day.Load("2024-01-07");
        day.Load("2024-01-08");

        day.Run(7).State.ShouldBe(RunState.Success);
        day.Run(7).Pin.Tables[SeedsDay.Devices].Version.ShouldBe(8);
        day.Late().ShouldBeEmpty();
    }

    [Fact]
    public void A_commit_by_the_pipelines_own_run_makes_nothing_late()
    {
        var world = new Testing.Actors.ActorWorld(ActorIds.Catalog());
        var watcher = ActorIds.Watcher(SeedsDay.Devices);
        var own = new CommitSeen(
            0, DateTimeOffset.UnixEpoch, SeedsDay.Loader, RunId.Scheduled(SeedsDay.Date(1)),
            [new PartitionSeen(ImmutableSortedDictionary<string, string?>.Empty.Add("event_time", "2024-01-01"), 1, 0, 1, 1, DataChange: true)]);
        world.RunActivity = (_, kind, _) => kind switch
        {
            ReadBaseline.Kind => new BaselineRead("table-1", -1, [], AtEnd: true, Problem: null),
            ReadCommits.Kind => new CommitsRead("table-1", [own], new LogCursor(0, 0), AtEnd: true, Problem: null),
            _ => null,
        };
        world.Tell(watcher, new WatcherMessage.Subscribe(
            SeedsDay.Loader, new PipelineInput(SeedsDay.Devices, "event_time", "yyyy-MM-dd", 0, 0), Schedule.Daily, SeedsDay.Date(1)));
        world.Tell(watcher, new WatcherMessage.PinRequested(ActorIds.Partition(SeedsDay.Loader, SeedsDay.Date(1)), RunId.Scheduled(SeedsDay.Date(1)), 1));
        world.Settle();

        var input = world.State<PartitionState>(ActorIds.Partition(SeedsDay.Loader, SeedsDay.Date(1))).Inputs[SeedsDay.Devices];
        input.ActiveFiles.ShouldBe(1);
        input.LastChange.ShouldBeNull();
    }

    [Fact]
    public void A_table_that_a_second_pipeline_finds_recreated_stops_the_watcher()
    {
        var day = Processed();
        var run = day.World.RunActivity;
        day.World.RunActivity = (key, kind, input) => kind == ReadBaseline.Kind
            ? day.Table.Read(DurableJson.Read<ReadBaseline>(input)) with { TableId = "table-2" }
            : run(key, kind, input);
        day.World.Tell(ActorIds.Watcher(SeedsDay.Devices), new WatcherMessage.Subscribe(
            PipelineName.Parse("other"), day.Definition.Primary, Schedule.Daily, SeedsDay.Date(1)));
        day.World.Settle();

        var watcher = day.World.State<WatcherState>(ActorIds.Watcher(SeedsDay.Devices));
        watcher.Problem!.Class.ShouldBe("TableRecreated");
        watcher.TableId.ShouldBe("table-1");
    }

    private static SeedsDay Processed()
    {
        var day = new SeedsDay();
        day.RunFirstFive();
        return day;
    }
}
