using Latecomer.Runtime;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.Runtime;

namespace Latecomer.Tests.Unit.Runtime;

/// <summary>How a shard's turns become real.</summary>
public sealed class TurnTests : IAsyncLifetime
{
    private static readonly ActorId Ann = CounterActor.Id("ann");

    private readonly FakeClock _clock = new();
    private readonly FaultyStore _store;
    private StepNode _node = null!;

    public TurnTests() => _store = new FaultyStore(new InMemoryRuntimeStore(_clock));

    public async Task InitializeAsync() => _node = await new StepNode(_store, _clock).Begin();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_message_is_one_turn_and_its_effects_are_there_afterwards()
    {
        var request = await _node.Ask(Ann, id => new CounterMessage.Add(5, id));
        await _node.RunAll();
        (await _node.Counter("ann")).Sum.ShouldBe(5);
        (await _store.Requests.FindReply(request, default))!.Status.ShouldBe(ReplyStatus.Ok);
        (await _store.Projections.Get(CounterActor.Projection, "ann", default))!.As<Total>().ShouldBe(new Total(5));
        (await _store.Journal.Entries(Toys.Catalog.ShardOf(Ann), 0, 10, default)).ShouldHaveSingleItem().Entry.Type.ShouldBe("Added");
        _node.Observer.TurnsByNode["node"].ShouldBe(1);
    }

    [Fact]
    public async Task Many_turns_of_an_actor_are_one_batch_one_state_and_a_journal_without_gaps()
    {
        await _node.Send(CounterActor.Id("spool"), [.. Enumerable.Range(0, 20).Select(_ => (Ann, (object)new CounterMessage.Add(1)))]);
        (await _node.RunBatch(Ann)).Turns.ShouldBe(20);
        var shard = Toys.Catalog.ShardOf(Ann);
        (await _store.Turns.LoadStates(shard, [Ann], default)).ShouldHaveSingleItem().Revision.ShouldBe(20);
        (await _store.Journal.Entries(shard, 0, 100, default)).Select(e => e.Revision).ShouldBe(Enumerable.Range(1, 20).Select(i => (long)i));
    }

    [Fact]
    public async Task A_batch_has_no_more_turns_than_the_setting_and_says_that_there_is_more()
    {
        var node = await new StepNode(new InMemoryRuntimeStore(_clock), _clock, settings: new RuntimeSettings { BatchTurns = 8 }).Begin();
        await node.Send(CounterActor.Id("spool"), [.. Enumerable.Range(0, 20).Select(_ => (Ann, (object)new CounterMessage.Add(1)))]);
        var results = new List<BatchResult> { await node.RunBatch(Ann), await node.RunBatch(Ann), await node.RunBatch(Ann) };
        results.Select(r => r.Turns).ShouldBe([8, 8, 4]);
        results[0].More.ShouldBeTrue();
    }

    [Fact]
    public async Task A_hot_actor_does_not_hold_up_the_others_of_its_shard()
    {
        var cold = SameShardAs(Ann);
        await _node.Send(CounterActor.Id("spool"), [.. Enumerable.Range(0, 1000).Select(_ => (Ann, (object)new CounterMessage.Add(1))), (cold, new CounterMessage.Add(1))]);
        await _node.RunBatch(Ann);
        (await _node.Counter(cold.Key)).Sum.ShouldBe(1);
        (await _node.Counter("ann")).Sum.ShouldBeInRange(1, 999);
    }

    [Fact]
    public async Task A_turn_that_changes_nothing_writes_no_state()
    {
        var request = await _node.Ask(Ann, id => new CounterMessage.Read(id));
        await _node.RunAll();
        (await _store.Turns.LoadStates(Toys.Catalog.ShardOf(Ann), [Ann], default)).ShouldBeEmpty();
        (await _store.Requests.FindReply(request, default)).ShouldNotBeNull();
    }

    [Fact]
    public async Task What_was_sent_names_the_turn_that_sent_it_so_that_the_chain_ends_at_the_request()
    {
        var request = await _node.Ask(FanOutActor.Id("all"), id => new FanOutMessage.Spread("c", 1, 7, id));
        await _node.RunAll();
        var effect = (await _store.Journal.Entries(Toys.Catalog.ShardOf(CounterActor.Id("c0")), 0, 10, default)).Single(e => e.Actor == CounterActor.Id("c0"));
        effect.Cause.ShouldBe("FanOut/all@1");
        var decision = (await _store.Journal.Entries(Toys.Catalog.ShardOf(FanOutActor.Id("all")), 0, 10, default)).ShouldHaveSingleItem();
        (decision.Actor, decision.Revision, decision.Cause).ShouldBe((FanOutActor.Id("all"), 1, Causes.OfRequest(request)));
    }

    [Fact]
    public async Task A_turn_that_changes_nothing_passes_its_cause_on()
    {
        var request = await _node.Ask(Ann, _ => new CounterMessage.Pass(CounterActor.Id("bob"), 3));
        await _node.RunAll();
        var effect = (await _store.Journal.Entries(Toys.Catalog.ShardOf(CounterActor.Id("bob")), 0, 10, default)).ShouldHaveSingleItem();
        effect.Cause.ShouldBe(Causes.OfRequest(request));
    }

    [Fact]
    public async Task A_timer_fires_once_when_it_is_due()
    {
        await _node.Send(Ann, new CounterMessage.AddLater("t", TimeSpan.FromSeconds(5), 3));
        (await _node.RunBatch(Ann)).NextTimer.ShouldBe(_clock.GetUtcNow() + TimeSpan.FromSeconds(5));
        _clock.Advance(TimeSpan.FromSeconds(4));
        await _node.RunAll();
        (await _node.Counter("ann")).Sum.ShouldBe(0);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await _node.RunAll();
        await _node.RunAll();
        (await _node.Counter("ann")).Sum.ShouldBe(3);
    }

    [Fact]
    public async Task A_timer_that_an_earlier_turn_of_the_batch_cancelled_does_not_fire()
    {
        await _node.Send(Ann, new CounterMessage.AddLater("first", TimeSpan.FromSeconds(1), 1));
        await _node.Send(Ann, new CounterMessage.AddLater("second", TimeSpan.FromSeconds(2), 10));
        await _node.RunAll();
        var processor = _node.ProcessorOf(Ann);
        var batch = new TurnBatch(processor.Lease, _clock.GetUtcNow());
        batch.Timers.Add(new NewTimer(Ann, "first", _clock.GetUtcNow(), Toys.Catalog.BehaviorOf(Ann).WriteMessage(new CounterMessage.NotLater("second")), "test"));
        await _store.Turns.Commit(batch, default);
        _clock.Advance(TimeSpan.FromSeconds(3));
        await _node.RunAll();
        (await _node.Counter("ann")).Sum.ShouldBe(0);
        (await _store.Turns.Ready([processor.Lease.Shard], default)).NextTimer.ShouldBeNull();
    }

    [Fact]
    public async Task Under_a_lost_lease_nothing_becomes_real_and_memory_is_forgotten()
    {
        await _node.Send(Ann, new CounterMessage.Add(1));
        await _node.RunAll();
        _node.ProcessorOf(Ann).ActiveActors.ShouldBe(1);
        await _node.Send(Ann, new CounterMessage.Add(1));
        await _store.Leases.Release([_node.ProcessorOf(Ann).Lease], default);
        (await _node.RunBatch(Ann)).Outcome.ShouldBe(BatchOutcome.LeaseLost);
        _node.ProcessorOf(Ann).ActiveActors.ShouldBe(0);
        (await _node.Counter("ann")).Sum.ShouldBe(1);
    }

    [Fact]
    public async Task When_the_store_is_not_as_memory_has_it_nothing_becomes_real()
    {
        await _node.Send(Ann, new CounterMessage.Add(1));
        await _node.RunAll();
        var batch = new TurnBatch(_node.ProcessorOf(Ann).Lease, _clock.GetUtcNow());
        batch.States.Add((new StateImage(Ann, 9, 1, DurableJson.Write(new CounterState(100, []))), 1));
        await _store.Turns.Commit(batch, default);
        await _node.Send(Ann, new CounterMessage.Add(1));
        (await _node.RunBatch(Ann)).Outcome.ShouldBe(BatchOutcome.Stale);
        (await _node.RunBatch(Ann)).Outcome.ShouldBe(BatchOutcome.Progressed);
        (await _node.Counter("ann")).Sum.ShouldBe(101);
    }

    [Theory]
    [InlineData("before")]
    [InlineData("after")]
    public async Task A_commit_whose_fate_is_unknown_is_not_repeated(string when)
    {
        await _node.Send(Ann, new CounterMessage.Add(1));
        if (when == "before")
        {
            _store.Before = FailAt("Commit");
        }
        else
        {
            _store.After = FailAt("Commit");
        }

        await Should.ThrowAsync<StoreFaultException>(async () => await _node.RunBatch(Ann));
        _store.Before = _store.After = _ => ValueTask.CompletedTask;
        await _node.RunAll();
        (await _node.Counter("ann")).Sum.ShouldBe(1);
    }

    [Fact]
    public async Task Idle_actors_leave_memory_and_come_back_with_their_state()
    {
        await _node.Send(Ann, new CounterMessage.Add(1));
        await _node.RunAll();
        _clock.Advance(TimeSpan.FromMinutes(4));
        await _node.ProcessorOf(Ann).Passivate();
        _node.ProcessorOf(Ann).ActiveActors.ShouldBe(1);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await _node.ProcessorOf(Ann).Passivate();
        _node.ProcessorOf(Ann).ActiveActors.ShouldBe(0);
        await _node.Send(Ann, new CounterMessage.Add(1));
        await _node.RunAll();
        (await _node.Counter("ann")).Sum.ShouldBe(2);
    }

    [Fact]
    public async Task Of_too_many_active_actors_those_idle_longest_leave()
    {
        var node = await new StepNode(new InMemoryRuntimeStore(_clock), _clock, settings: new RuntimeSettings { ActiveActorsPerShard = 2 }).Begin();
        var third = SameShardAs(Ann);
        foreach (var actor in new[] { Ann, SameShardAs(Ann, skip: 1), third, third })
        {
            await node.Send(actor, new CounterMessage.Add(1));
            await node.RunAll();
        }

        node.ProcessorOf(Ann).ActiveActors.ShouldBe(2);
        await node.Send(Ann, new CounterMessage.Add(1));
        await node.RunAll();
        (await node.Counter("ann")).Sum.ShouldBe(2);
    }

    [Fact]
    public async Task A_closed_processor_runs_no_turn()
    {
        await _node.Send(Ann, new CounterMessage.Add(1));
        await _node.ProcessorOf(Ann).Close();
        (await _node.RunBatch(Ann)).Outcome.ShouldBe(BatchOutcome.Closed);
        (await _node.Counter("ann")).Sum.ShouldBe(0);
    }

    private static ActorId SameShardAs(ActorId actor, int skip = 0) => Enumerable.Range(0, 100_000).Select(i => CounterActor.Id($"other-{i}"))
        .Where(a => Toys.Catalog.ShardOf(a) == Toys.Catalog.ShardOf(actor)).ElementAt(skip);

    private static Func<string, ValueTask> FailAt(string call) =>
        made => made == call ? throw new StoreFaultException("The line was cut.") : ValueTask.CompletedTask;
}
