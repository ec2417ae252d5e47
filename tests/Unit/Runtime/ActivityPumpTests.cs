using Latecomer.Runtime;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.Runtime;

namespace Latecomer.Tests.Unit.Runtime;

/// <summary>Work with side effects, from its start to its one end.</summary>
public sealed class ActivityPumpTests
{
    private static readonly ActorId Ann = CounterActor.Id("ann");

    private readonly FakeClock _clock = new();
    private readonly InMemoryRuntimeStore _store;

    public ActivityPumpTests() => _store = new InMemoryRuntimeStore(_clock);

    [Fact]
    public async Task What_work_gives_reaches_the_actor_that_started_it()
    {
        var node = await Working("work", (input, _) => Task.FromResult(input * 2));
        await node.RunActivities();
        await node.RunAll();
        var state = await node.Counter("ann");
        state.Sum.ShouldBe(42);
        state.Works.ShouldBe(["w#1 Completed"]);
        node.Pump.Running.ShouldBe(0);
        (await _store.Journal.Entries(Toys.Catalog.ShardOf(Ann), 0, 10, default))[0].Cause.ShouldBe("activity:w@0");
    }

    [Fact]
    public async Task A_failure_is_told_by_its_sentence()
    {
        var node = await Working("work", (_, _) => throw new ActivityFailedException("There is no such table."));
        await node.RunActivities();
        await node.RunAll();
        (await node.Counter("ann")).Works.ShouldBe(["w#1 Failed"]);
        node.Observer.Activities.Single().Ended.Error.ShouldBe("There is no such table.");
        node.Observer.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_exception_that_nobody_expected_is_a_failure_and_is_reported()
    {
        var node = await Working("work", (_, _) => throw new InvalidOperationException("Oops."));
        await node.RunActivities();
        node.Observer.Activities.Single().Ended.Error.ShouldBe("InvalidOperationException: Oops.");
        node.Observer.Faults.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_kind_that_nobody_runs_fails()
    {
        var node = await Working("other", (input, _) => Task.FromResult(input));
        await node.RunActivities();
        node.Observer.Activities.Single().Ended.Error!.ShouldContain("runs no activities of kind 'work'");
    }

    [Fact]
    public async Task No_more_are_claimed_than_there_are_places()
    {
        var node = await new StepNode(_store, _clock, settings: new RuntimeSettings { ActivitiesAtOnce = 2 }).Begin();
        await node.Send(CounterActor.Id("spool"), [.. Enumerable.Range(0, 3).Select(i => (Ann, (object)new CounterMessage.Work($"w{i}", "work", 1)))]);
        await node.RunAll();
        var running = await node.Pump.Claim(node.Owned.Shards, default);
        running.Count.ShouldBe(2);
        (await node.Pump.Claim(node.Owned.Shards, default)).ShouldBeEmpty();
        node.Pump.Forget(running[0]);
        (await node.Pump.Claim(node.Owned.Shards, default)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_only_waits_takes_no_place()
    {
        var waiting = new ToyHandler("wait", (input, _) => Task.FromResult(input), onlyWaits: true);
        var node = await new StepNode(_store, _clock, settings: new RuntimeSettings { ActivitiesAtOnce = 1 }, handlers: waiting).Begin();
        await node.Send(CounterActor.Id("spool"), [.. new[] { "wait", "wait", "work", "work" }.Select((kind, i) => (Ann, (object)new CounterMessage.Work($"w{i}", kind, 1)))]);
        await node.RunAll();
        var claimed = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            claimed.AddRange((await node.Pump.Claim(node.Owned.Shards, default)).Select(a => a.Assignment.Key.Id));
        }

        claimed.ShouldBe(["w0", "w1", "w2"]);
    }

    [Fact]
    public async Task What_its_actor_cancels_is_stopped_and_ends_as_cancelled()
    {
        var node = await Working("work", async (_, stop) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, _clock, stop);
            return 0;
        });
        var activity = (await node.Pump.Claim(node.Owned.Shards, default)).Single();
        var run = node.Pump.Run(activity);
        await node.Send(Ann, new CounterMessage.StopWork("w"));
        await node.RunAll();
        await node.Pump.StopCancelled(default);
        await node.Pump.Complete(activity, (await run).ShouldNotBeNull(), default);
        await node.RunAll();
        (await node.Counter("ann")).Works.ShouldBe(["w#1 Cancelled"]);
    }

    [Fact]
    public async Task What_was_cancelled_before_it_ran_never_runs()
    {
        var node = await Working("work", (_, _) => throw new InvalidOperationException("It ran."));
        await node.Send(Ann, new CounterMessage.StopWork("w"));
        await node.RunAll();
        await node.RunActivities();
        node.Observer.Started.ShouldBeEmpty();
        node.Observer.Activities.Single().Ended.Outcome.ShouldBe(ActivityOutcome.Cancelled);
    }

    [Fact]
    public async Task What_was_cancelled_after_its_worker_was_lost_runs_once_more_to_stop_what_was_begun()
    {
        var first = await Working("work", (input, _) => Task.FromResult(input));
        await first.Pump.Claim(first.Owned.Shards, default);
        await first.Send(Ann, new CounterMessage.StopWork("w"));
        await first.RunAll();
        var stopped = false;
        var second = await Heir((_, stop) =>
        {
            stopped = stop.IsCancellationRequested;
            stop.ThrowIfCancellationRequested();
            return Task.FromResult(0);
        });
        await second.RunActivities();
        stopped.ShouldBeTrue();
        second.Observer.Activities.Single().Ended.ShouldBe(new ActivityEnded("w", "work", 2, ActivityOutcome.Cancelled, Output: null, Error: null));
    }

    [Fact]
    public async Task The_end_that_a_lost_worker_reports_is_not_accepted()
    {
        var first = await Working("work", (input, _) => Task.FromResult(input));
        var lost = (await first.Pump.Claim(first.Owned.Shards, default)).Single();
        var ended = (await first.Pump.Run(lost)).ShouldNotBeNull();
        var second = await Heir((input, _) => Task.FromResult(input * 10));
        (await first.Pump.Complete(lost, ended, default)).ShouldBeFalse();
        await second.RunActivities();
        await second.RunAll();
        (await first.Pump.Complete(lost, ended, default)).ShouldBeFalse();
        await second.RunAll();
        (await second.Counter("ann")).ShouldSatisfyAllConditions(s => s.Sum.ShouldBe(210), s => s.Works.ShouldBe(["w#2 Completed"]));
    }

    [Fact]
    public async Task When_its_node_ends_work_is_stopped_and_no_end_is_reported()
    {
        var node = await Working("work", async (_, stop) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, _clock, stop);
            return 0;
        });
        var activity = (await node.Pump.Claim(node.Owned.Shards, default)).Single();
        var run = node.Pump.Run(activity);
        await node.Pump.StopAll();
        (await run).ShouldBeNull();
        (await _store.Activities.List(default)).ShouldHaveSingleItem();
    }

    private async Task<StepNode> Working(string kind, Func<int, CancellationToken, Task<int>> work)
    {
        var node = await new StepNode(_store, _clock, handlers: new ToyHandler(kind, work)).Begin();
        await node.Send(Ann, new CounterMessage.Work("w", "work", 21));
        await node.RunAll();
        return node;
    }

    private async Task<StepNode> Heir(Func<int, CancellationToken, Task<int>> work)
    {
        _clock.Advance(TimeSpan.FromSeconds(5));
        return await new StepNode(_store, _clock, "heir", handlers: new ToyHandler("work", work)).Begin();
    }
}
