using Latecomer.Runtime;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.Runtime;

namespace Latecomer.Tests.Unit.Runtime;

/// <summary>A node with its loops, on a clock that the test moves.</summary>
public sealed class NodeTests : IAsyncLifetime
{
    private readonly FakeClock _clock = new();
    private readonly FaultyStore _store;
    private readonly LocalHints _hints = new();
    private readonly RecordingObserver _observer = new();
    private readonly List<RuntimeNode> _nodes = [];
    private Action _release = () => { };

    public NodeTests() => _store = new FaultyStore(new InMemoryRuntimeStore(_clock));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _release();
        foreach (var node in _nodes)
        {
            await node.Kill();
        }
    }

    [Fact]
    public async Task A_node_takes_all_shards_when_it_is_alone_and_runs_what_was_waiting()
    {
        var steps = new StepNode(_store, _clock, "before");
        await steps.Begin();
        await steps.Send(CounterActor.Id("ann"), new CounterMessage.Add(1));
        await steps.Membership.Leave(default);
        var node = await Start();
        await _observer.Until("the turn that was waiting", o => o.TurnsByNode.Count > 0);
        node.Shards.Count.ShouldBe(Toys.Catalog.Shards.Count());
    }

    [Fact]
    public async Task A_node_that_cannot_renew_stops_by_itself_before_its_expiry_and_begins_another_life()
    {
        var stopped = new TaskCompletionSource();
        var node = await Start(new ToyHandler("work", async (_, stop) =>
        {
            await using var registration = stop.Register(() => stopped.TrySetResult());
            await Task.Delay(Timeout.InfiniteTimeSpan, _clock, stop);
            return 0;
        }));
        await RunActivity();
        var life = node.Incarnation.ShouldNotBeNull();
        var hung = new TaskCompletionSource();
        _store.Before = call => call == "Renew" ? new ValueTask(hung.Task) : ValueTask.CompletedTask;
        _release = () => hung.TrySetResult();
        var renewed = (await _store.Membership.List(default)).Single().ExpiresAt;
        _clock.Advance(renewed - TimeSpan.FromMilliseconds(1) - _clock.GetUtcNow());
        await _observer.Until("the life to end", o => o.Ends.Contains(("node", NodeEnd.Expired)));
        await stopped.Task.WaitAsync(Liveness.Bound);
        node.Shards.ShouldBeEmpty();

        _store.Before = _ => ValueTask.CompletedTask;
        hung.TrySetResult();
        await AdvanceUntil("another life", () => node.Incarnation != life && node.Shards.Count > 0);
    }

    [Fact]
    public async Task A_node_that_was_declared_dead_begins_another_life()
    {
        var node = await Start();
        var life = node.Incarnation.ShouldNotBeNull();
        await _store.Membership.Leave(life, default);
        await AdvanceUntil("another life", () => node.Incarnation != life && node.Shards.Count == Toys.Catalog.Shards.Count());
        _observer.Ends.ShouldContain(("node", NodeEnd.Expired));
    }

    [Fact]
    public async Task What_was_kept_long_enough_is_removed_piece_by_piece_until_nothing_is_left_of_it()
    {
        var shard = Toys.Catalog.ShardOf(CounterActor.Id("ann"));
        var steps = await new StepNode(_store, _clock, "before").Begin();
        var batch = new TurnBatch(steps.Owned.Find(shard)!.Lease, _clock.GetUtcNow());
        batch.Journal.AddRange(Enumerable.Range(1, (3 * Housekeeping.PieceRows) + 8)
            .Select(i => new NewJournalEntry(CounterActor.Id("ann"), i, new SerializedMessage("Old", 1, []), "test")));
        (await _store.Turns.Commit(batch, default)).ShouldBe(CommitOutcome.Committed);
        await steps.Membership.Leave(default);
        _clock.Advance(new RuntimeSettings().JournalKept);
        await Start();
        await AdvanceUntil("the journal to be trimmed", () => _observer.Removals.Count > 0);
        _observer.Removals.ShouldHaveSingleItem().ShouldBe(new Removals(0, (3 * Housekeeping.PieceRows) + 7, 0));
        (await _store.Journal.Read(shard, 0, 10, default)).ShouldBe(new JournalPage.BelowFloor((3 * Housekeeping.PieceRows) + 7));
    }

    [Fact]
    public async Task After_a_fault_of_the_store_a_shard_is_acquired_anew_and_goes_on()
    {
        await Start();
        await _observer.Until("its shards", o => o.Taken.Count > 0);
        var faults = 2;
        _store.Before = call => call == "Commit" && Interlocked.Decrement(ref faults) >= 0 ? throw new StoreFaultException("The line was cut.") : ValueTask.CompletedTask;
        using var edge = new RequestEdge(_store, Toys.Catalog, _hints, _clock, new RuntimeSettings());
        var id = Toys.Request("r");
        var asked = edge.Ask(id, CounterActor.Id("ann"), new CounterMessage.Add(1, id), default);
        await AdvanceUntil("the reply", () => asked.IsCompleted);
        DurableJson.Read<Total>((await asked).ShouldBeOfType<RequestOutcome.Replied>().Reply.Body!).Sum.ShouldBe(1);
        _observer.Faults.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_timer_fires_when_its_time_comes_though_nobody_hints()
    {
        await Start();
        using var edge = new RequestEdge(_store, Toys.Catalog, _hints, _clock, new RuntimeSettings());
        await edge.Submit(Toys.Request("r"), CounterActor.Id("ann"), new CounterMessage.AddLater("t", TimeSpan.FromMinutes(10), 1), default);
        await _observer.Until("the timer to be set", o => o.TurnsByNode.Count > 0);
        var due = _clock.GetUtcNow() + TimeSpan.FromMinutes(10);
        await AdvanceUntil("the timer", () => _observer.TurnsByNode.Values.Sum() == 2);
        _clock.GetUtcNow().ShouldBeGreaterThanOrEqualTo(due);
    }

    [Fact]
    public async Task A_second_node_of_a_living_name_is_refused_with_a_sentence()
    {
        await Start();
        var second = Node([]);
        var starting = second.Start(default);
        await AdvanceUntil("the refusal", () => starting.IsCompleted);
        (await Should.ThrowAsync<NodeNameTakenException>(() => starting)).Message.ShouldContain("Another node named 'node' is alive");
    }

    [Fact]
    public async Task Stopping_lets_running_work_end_and_reports_it()
    {
        var release = new TaskCompletionSource<int>();
        var node = await Start(new ToyHandler("work", (_, _) => release.Task));
        await RunActivity();
        var stopping = node.Stop();
        release.SetResult(5);
        await stopping.WaitAsync(Liveness.Bound);
        _observer.Activities.ShouldHaveSingleItem().Ended.Outcome.ShouldBe(ActivityOutcome.Completed);
        (await _store.Activities.List(default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Stopping_gives_work_that_does_not_end_to_others()
    {
        var node = await Start(new ToyHandler("work", async (_, stop) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, _clock, stop);
            return 0;
        }));
        await RunActivity();
        var stopping = node.Stop();
        await AdvanceUntil("the stop", () => stopping.IsCompleted);
        await stopping;
        _observer.Ends.ShouldBe([("node", NodeEnd.Stopped)]);
        (await _store.Activities.List(default)).ShouldHaveSingleItem();
        (await _store.Membership.List(default)).ShouldHaveSingleItem().IsLive(_clock.GetUtcNow()).ShouldBeFalse();
    }

    private async Task RunActivity()
    {
        using var edge = new RequestEdge(_store, Toys.Catalog, _hints, _clock, new RuntimeSettings());
        await edge.Submit(Toys.Request("start"), CounterActor.Id("ann"), new CounterMessage.Work("w", "work", 1), default);
        await AdvanceUntil("the activity to run", () => _observer.Started.Count > 0);
    }

    private async Task<RuntimeNode> Start(params IActivityHandler[] handlers)
    {
        var node = Node(handlers);
        await node.Start(default);
        return node;
    }

    private RuntimeNode Node(IActivityHandler[] handlers)
    {
        var node = new RuntimeNode(new RuntimeNodeOptions
        {
            Name = "node",
            Store = _store,
            Catalog = Toys.Catalog,
            Handlers = handlers,
            Hints = _hints,
            Time = _clock,
            NewIncarnation = Guid.NewGuid,
            Observer = _observer,
        });
        _nodes.Add(node);
        return node;
    }

    /// <summary>Moves the clock in small steps, giving way to the node's loops, until something is so.</summary>
    private async Task AdvanceUntil(string what, Func<bool> condition)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(Liveness.Bound, $"waited for {what}");
            _clock.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }
    }
}
