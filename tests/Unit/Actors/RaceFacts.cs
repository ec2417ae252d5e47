using System.Collections.Immutable;
using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Tests.Unit.Actors;

/// <summary>What the simulation found by chance, told on purpose.</summary>
public sealed class RaceFacts
{
    private static readonly WorkReport Good = new(Note: null);
    private static readonly LogicalDate Third = SeedsDay.Date(3);

    [Fact]
    public void A_manual_run_of_a_date_that_was_cleared_gets_its_turn_to_mark()
    {
        var manual = RunId.Parse("manual__1");
        var cleared = MarkingState.Empty with { Order = DateOrder.Empty.Reset(new DateRange(Third, Third), 4, Schedule.Daily) };
        var turn = TurnOf(new MarkingActor(), cleared, ActorIds.Marking(SeedsDay.Loader), new MarkingMessage.MarkRequested(
            Third, manual, RunKind.Manual, Step: 2, ClearNumber: 0, Predecessor: null, Schedule.Daily, HasSlot: true));

        turn.State.Turn.ShouldNotBeNull().Run.ShouldBe(manual);
    }

    [Fact]
    public void The_first_that_is_heard_of_an_hourly_pipelines_creations_may_be_that_two_were_skipped()
    {
        static LogicalDate At(int hour) => LogicalDate.Parse($"2024-03-10T{hour}:00:00Z");

        var state = BackfillState.Empty;
        foreach (var hour in new[] { 20, 23 })
        {
            state = TurnOf(new BackfillActor(), state, ActorIds.Backfill(SeedsDay.Loader), new BackfillMessage.CreationSkipped(At(hour), 0, Schedule.Hourly)).State;
        }

        new[] { 20, 21, 22, 23 }.Select(At).Where(state.Order.IsDone).ShouldBe([At(20), At(23)]);
    }

    [Fact]
    public void Clearing_what_comes_after_failed_work_does_not_work_without_a_hold()
    {
        var day = new SeedsDay(d => d with { Retries = 0 }) { Work = w => w.Date == Third ? new InvalidOperationException("no") : Good };
        day.RunFirstFive();
        day.Run(3).State.ShouldBe(RunState.Failed);
        day.Work = w => w.Date == Third ? throw new InvalidOperationException("it has no hold to work under") : Good;

        day.Clear(3, task: "backfill_creation_job");

        day.Run(3).State.ShouldBe(RunState.Failed);
        day.Task(3, TaskKind.Work).State.ShouldBe(TaskState.Failed);
        day.Task(3, TaskKind.Creation).State.ShouldBe(TaskState.UpstreamFailed);
    }

    [Fact]
    public void What_a_creation_claimed_that_was_cleared_alone_is_free_again_when_its_run_ends()
    {
        var day = new SeedsDay();
        day.RunFirstFive();
        day.LoadLate();
        day.Ask(r => new PipelineMessage.Clear(
            r, SeedsDay.Date(4), Run: null, "backfill_creation_job", Past: false, Future: false, Upstream: false, Downstream: false, DryRun: false));

        day.Files["backfilling_configuration_2024-01-04.json"].ShouldBe(["event_time=2024-01-02", "event_time=2024-01-03"]);
        day.Run(4).State.ShouldBe(RunState.Success);
        day.Partition(2).Claim.ShouldBeNull();

        day.Clear(5);
        day.Run(2, RunKind.Backfill).State.ShouldBe(RunState.Success);
        day.Late().ShouldBeEmpty();
    }

    [Fact]
    public void Clearing_what_comes_after_a_cleared_mark_runs_it_again_too()
    {
        var day = new SeedsDay();
        day.RunFirstFive();
        day.LoadLate();
        day.Work = w => w.Date == Third ? null : Good;
        day.Ask(r => new PipelineMessage.Clear(
            r, Third, Run: null, "process_devices", Past: false, Future: false, Upstream: false, Downstream: false, DryRun: false));
        day.Task(3, TaskKind.Work).State.ShouldBe(TaskState.Running);

        day.Clear(3, task: "backfill_creation_job");
        day.Task(3, TaskKind.Work).State.ShouldBe(TaskState.Running);
        day.Work = _ => Good;
        day.World.Settle();

        day.Run(3).State.ShouldBe(RunState.Success);
        day.Files["backfilling_configuration_2024-01-03.json"].ShouldBe(["event_time=2024-01-02"]);
    }

    [Fact]
    public void Clears_reach_runs_in_the_order_in_which_they_were_made()
    {
        var definition = new SeedsDay().Definition;
        var marks = new ClearOperation(1, RequestId.Parse("1"), new DateRange(Third, Third), Run: null, [TaskKind.Mark], Resets: 1, Third, 0);
        var pipeline = PipelineState.Empty with { Definition = definition, NextDate = SeedsDay.Date(5), Clears = [marks], ClearNumber = 1, OpenScheduled = 300 };
        var self = ActorIds.Pipeline(SeedsDay.Loader);

        var second = TurnOf(new PipelineActor(), pipeline, self, new PipelineMessage.Clear(
            RequestId.Parse("2"), Third, Run: null, "backfill_past_partitions", Past: false, Future: false, Upstream: false, Downstream: false, DryRun: false));
        second.Effects.Sends.ShouldBeEmpty();
        var told = TurnOf(new PipelineActor(), second.State, self, new PipelineMessage.OrderReset(1));
        var last = TurnOf(new PipelineActor(), told.State, self, told.Effects.Sends.Select(s => s.Message).OfType<PipelineMessage.ClearOn>().ShouldHaveSingleItem());

        told.Effects.Sends.Concat(last.Effects.Sends).Select(s => s.Message).OfType<PartitionMessage.ClearTasks>().Select(c => c.Number).ShouldBe([1, 2]);
    }

    [Fact]
    public void A_commit_that_was_being_read_when_a_pipeline_subscribed_reaches_it_by_its_baseline_alone()
    {
        var subscribed = new Subscription(
            PipelineName.Parse("late_comer"), new PipelineInput(SeedsDay.Devices, "event_time", "yyyy-MM-dd", 0, 0), Schedule.Daily, Third, Baselined: false, BaselineOffset: 0);
        var reading = WatcherState.Empty with
        {
            TableId = "id",
            Cursor = new LogCursor(6, 0),
            ReadsStarted = 9,
            Reading = new WatcherRead(9, BaselineOf: null),
            Subscriptions = [subscribed with { Pipeline = SeedsDay.Loader, Baselined = true }, subscribed],
        };
        var values = ImmutableSortedDictionary<string, string?>.Empty.Add("event_time", "2024-01-03");
        var read = new CommitsRead(
            "id", [new CommitSeen(7, DateTimeOffset.UnixEpoch, Pipeline: null, Run: null, [new PartitionSeen(values, 1, 0, 5, 5, DataChange: true)])],
            new LogCursor(7, 0), AtEnd: true, Problem: null);

        var turn = TurnOf(new DeltaLogWatcher(), reading, ActorIds.Watcher(SeedsDay.Devices), new WatcherMessage.ReadEnded(
            new ActivityEnded("read/9", ReadCommits.Kind, 1, ActivityOutcome.Completed, DurableJson.Write(read), Error: null)));

        turn.Effects.Sends.Where(s => s.Message is PartitionMessage.Changed).Select(s => s.To).ShouldBe([ActorIds.Partition(SeedsDay.Loader, Third)]);
        turn.State.Reading.ShouldNotBeNull().BaselineOf.ShouldBe(subscribed.Pipeline);
    }

    [Fact]
    public void A_run_that_asks_before_its_pipeline_has_subscribed_waits_for_the_baseline()
    {
        var self = ActorIds.Watcher(SeedsDay.Devices);
        var asked = TurnOf(new DeltaLogWatcher(), WatcherState.Empty, self, new WatcherMessage.PinRequested(
            ActorIds.Partition(SeedsDay.Loader, Third), RunId.Scheduled(Third), Step: 1));
        asked.Effects.Activities.ShouldBeEmpty();

        var subscribed = TurnOf(new DeltaLogWatcher(), asked.State, self, new WatcherMessage.Subscribe(
            SeedsDay.Loader, new PipelineInput(SeedsDay.Devices, "event_time", "yyyy-MM-dd", 0, 0), Schedule.Daily, Third));
        subscribed.Effects.Activities.ShouldHaveSingleItem().ShouldBeOfType<ActivityChange.Start>().Kind.ShouldBe(ReadBaseline.Kind);
        subscribed.State.Waiting.Count.ShouldBe(1);
    }

    [Fact]
    public void A_watcher_that_is_held_back_waits_for_acknowledgements_not_for_the_log()
    {
        var self = ActorIds.Watcher(SeedsDay.Devices);
        var behind = WatcherState.Empty with
        {
            TableId = "id",
            Cursor = new LogCursor(6, 0),
            Awaiting = true,
            Unacknowledged = ImmutableSortedDictionary<long, int>.Empty.Add(5, 1).Add(6, 2000),
        };
        var grown = TurnOf(new DeltaLogWatcher(), behind, self, new WatcherMessage.WaitEnded(
            new ActivityEnded("await/1", AwaitCommit.Kind, 1, ActivityOutcome.Completed, DurableJson.Write(Done.Value), Error: null)));
        grown.Effects.Activities.ShouldBeEmpty();

        var acknowledged = TurnOf(new DeltaLogWatcher(), grown.State, self, new WatcherMessage.ChangeAcknowledged(5));
        acknowledged.Effects.Activities.Count.ShouldBe(1);
    }

    [Fact]
    public void Rows_that_a_run_had_pinned_do_not_count_as_late()
    {
        var processed = InputState.Empty with { LastChange = new InputChange("id", 8, DateTimeOffset.UnixEpoch, 3, 3) };
        processed = processed.WithRows(7, 100).WithRows(8, 3)
            .WithoutRows(SeedsDay.Devices, Pin.None.With(SeedsDay.Devices, new TablePin("id", 7)));

        processed.RowsSinceProcessed.ShouldBe(3);
    }

    [Fact]
    public void Rows_of_many_versions_are_kept_together()
    {
        var input = Enumerable.Range(1, 1000).Aggregate(InputState.Empty, (state, version) => state.WithRows(version, 2));

        input.Unprocessed.Length.ShouldBe(InputState.VersionsKept);
        input.RowsSinceProcessed.ShouldBe(2000);
    }

    private static Turn<TState, TEntry> TurnOf<TState, TMessage, TEntry>(Actor<TState, TMessage, TEntry> actor, TState state, ActorId self, TMessage message)
        where TState : notnull
        where TMessage : notnull
        where TEntry : notnull
    {
        var turn = new Turn<TState, TEntry>(new TurnContext(self, Sender: null, DateTimeOffset.UnixEpoch, "test"), state, actor.Apply);
        actor.Handle(turn, message);
        return turn;
    }
}
