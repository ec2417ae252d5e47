using Latecomer.Runtime;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.Runtime;

namespace Latecomer.Tests.Unit.Runtime;

/// <summary>What becomes of messages whose turns fail.</summary>
public sealed class PoisonTests : IAsyncLifetime
{
    private static readonly ActorId Ann = CounterActor.Id("ann");

    private readonly FakeClock _clock = new();
    private readonly InMemoryRuntimeStore _inner;
    private readonly FaultyStore _store;
    private StepNode _node = null!;

    public PoisonTests()
    {
        _inner = new InMemoryRuntimeStore(_clock);
        _store = new FaultyStore(_inner);
    }

    public async Task InitializeAsync() => _node = await new StepNode(_store, _clock).Begin();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task From_an_actor_it_is_tried_five_times_and_then_its_receiver_waits()
    {
        await _node.Send(Ann, new CounterMessage.Fail("badly"));
        await _node.Send(Ann, new CounterMessage.Add(1));
        await _node.RunAll();
        _node.Observer.FailedTurns.ShouldBe(ActorLimits.Attempts);
        var letter = (await _store.DeadLetters.List(default)).ShouldHaveSingleItem();
        letter.To.ShouldBe(Ann);
        letter.Suspends.ShouldBeTrue();
        letter.Error.ShouldContain("It was told to fail: badly.");
        (await _node.Counter("ann")).Sum.ShouldBe(0);
        _node.Observer.Letters.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Others_of_the_shard_go_on_meanwhile()
    {
        var other = Enumerable.Range(0, 100_000).Select(i => CounterActor.Id($"other-{i}")).First(a => Toys.Catalog.ShardOf(a) == Toys.Catalog.ShardOf(Ann));
        await _node.Send(CounterActor.Id("spool"), (Ann, new CounterMessage.Fail("badly")), (other, new CounterMessage.Add(1)));
        await _node.RunBatch(Ann);
        (await _node.Counter(other.Key)).Sum.ShouldBe(1);
    }

    [Fact]
    public async Task Mail_behind_a_failing_message_waits_for_it()
    {
        await _node.Send(CounterActor.Id("spool"), (Ann, new CounterMessage.Add(1)), (Ann, new CounterMessage.Fail("badly")), (Ann, new CounterMessage.Add(10)));
        await _node.RunBatch(Ann);
        (await _node.Counter("ann")).Sum.ShouldBe(1);
        await _node.RunAll();
        (await _node.Counter("ann")).Sum.ShouldBe(1);
    }

    [Fact]
    public async Task A_discarded_dead_letter_lets_its_actor_go_on()
    {
        await _node.Send(Ann, new CounterMessage.Fail("badly"));
        await _node.Send(Ann, new CounterMessage.Add(1));
        await _node.RunAll();
        (await _store.DeadLetters.Discard((await _store.DeadLetters.List(default))[0].Id, default)).ShouldBeTrue();
        await _node.RunAll();
        (await _node.Counter("ann")).Sum.ShouldBe(1);
    }

    [Fact]
    public async Task A_retried_dead_letter_is_tried_anew_before_what_came_after_it()
    {
        await _node.Send(Ann, new CounterMessage.Fail("badly"));
        await _node.Send(Ann, new CounterMessage.Add(1));
        await _node.RunAll();
        await _store.DeadLetters.Retry((await _store.DeadLetters.List(default))[0].Id, default);
        await _node.RunAll();
        _node.Observer.FailedTurns.ShouldBe(2 * ActorLimits.Attempts);
        (await _store.DeadLetters.List(default)).ShouldHaveSingleItem();
        (await _node.Counter("ann")).Sum.ShouldBe(0);
    }

    [Fact]
    public async Task From_the_edge_it_is_answered_and_its_actor_goes_on()
    {
        var request = await _node.Ask(Ann, _ => new CounterMessage.Fail("badly"));
        await _node.Send(Ann, new CounterMessage.Add(1));
        await _node.RunAll();
        (await _store.Requests.FindReply(request, default))!.Status.ShouldBe(ReplyStatus.Internal);
        (await _store.DeadLetters.List(default)).ShouldHaveSingleItem().Suspends.ShouldBeFalse();
        (await _node.Counter("ann")).Sum.ShouldBe(1);
    }

    [Fact]
    public async Task A_failing_timer_suspends_its_actor()
    {
        var batch = new TurnBatch(_node.ProcessorOf(Ann).Lease, _clock.GetUtcNow());
        batch.Timers.Add(new NewTimer(Ann, "t", _clock.GetUtcNow(), Toys.Catalog.BehaviorOf(Ann).WriteMessage(new CounterMessage.Fail("late")), "test"));
        await _store.Turns.Commit(batch, default);
        await _node.RunAll();
        _node.Observer.FailedTurns.ShouldBe(ActorLimits.Attempts);
        (await _store.DeadLetters.List(default)).ShouldHaveSingleItem().Suspends.ShouldBeTrue();
        await _node.Send(Ann, new CounterMessage.Add(1));
        await _node.RunAll();
        (await _node.Counter("ann")).Sum.ShouldBe(0);
    }

    [Fact]
    public async Task A_message_that_this_build_does_not_know_is_set_aside()
    {
        var batch = new TurnBatch(_node.ProcessorOf(Ann).Lease, _clock.GetUtcNow());
        batch.Sends.Add(new NewMail(Ann, Toys.Catalog.ShardOf(Ann), From: null, new SerializedMessage("FromTheFuture", 1, "{}"u8.ToArray()), "test"));
        await _store.Turns.Commit(batch, default);
        await _node.RunAll();
        (await _store.DeadLetters.List(default)).ShouldHaveSingleItem().Error.ShouldContain("FromTheFuture");
    }

    [Fact]
    public async Task A_state_that_cannot_be_read_fails_the_turns_and_is_kept()
    {
        var batch = new TurnBatch(_node.ProcessorOf(Ann).Lease, _clock.GetUtcNow());
        batch.States.Add((new StateImage(Ann, 1, 1, "broken"u8.ToArray()), 0));
        await _store.Turns.Commit(batch, default);
        var request = await _node.Ask(Ann, id => new CounterMessage.Add(1, id));
        await _node.RunAll();
        (await _store.Requests.FindReply(request, default))!.Status.ShouldBe(ReplyStatus.Internal);
        (await _store.Turns.LoadStates(Toys.Catalog.ShardOf(Ann), [Ann], default)).Single().Body.ShouldBe("broken"u8.ToArray());
    }

    [Fact]
    public async Task A_state_over_the_limit_fails_only_the_turn_that_made_it_so()
    {
        await _node.Send(
            CounterActor.Id("spool"), (Ann, new CounterMessage.Add(1)), (Ann, new CounterMessage.Grow(ActorLimits.StateBytes)), (CounterActor.Id("bob"), new CounterMessage.Add(1)));
        await _node.RunAll();
        (await _node.Counter("ann")).Sum.ShouldBe(1);
        (await _node.Counter("bob")).Sum.ShouldBe(1);
        (await _store.DeadLetters.List(default)).ShouldHaveSingleItem().Error.ShouldContain("over the limit of 65536");
    }

    [Fact]
    public async Task Too_many_sends_fail_the_turn()
    {
        var request = await _node.Ask(FanOutActor.Id("all"), id => new FanOutMessage.Spread("c", ActorLimits.SendsPerTurn + 1, 1, id));
        await _node.RunAll();
        (await _store.Requests.FindReply(request, default))!.Status.ShouldBe(ReplyStatus.Internal);
        (await _store.DeadLetters.List(default)).ShouldHaveSingleItem().Error.ShouldContain("over the limit of 1024");
    }

    [Fact]
    public async Task An_activity_started_under_a_taken_id_fails_only_the_turn_that_does_so()
    {
        await _node.Send(
            CounterActor.Id("spool"),
            (Ann, new CounterMessage.Work("w", "work", 1)), (Ann, new CounterMessage.Add(1)), (Ann, new CounterMessage.Work("w", "work", 1)), (Ann, new CounterMessage.Add(10)));
        await _node.RunAll();
        (await _node.Counter("ann")).Sum.ShouldBe(1);
        (await _store.Activities.List(default)).ShouldHaveSingleItem();
        (await _store.DeadLetters.List(default)).ShouldHaveSingleItem().Error.ShouldContain("has not ended");
    }

    [Fact]
    public async Task A_fault_of_the_store_counts_no_attempt()
    {
        await _node.Send(Ann, new CounterMessage.Add(1));
        _store.Before = call => call == "Commit" ? throw new StoreFaultException("The line was cut.") : ValueTask.CompletedTask;
        for (var i = 0; i < 2 * ActorLimits.Attempts; i++)
        {
            await Should.ThrowAsync<StoreFaultException>(async () => await _node.RunBatch(Ann));
        }

        _store.Before = _ => ValueTask.CompletedTask;
        await _node.RunAll();
        (await _node.Counter("ann")).Sum.ShouldBe(1);
    }

    [Fact]
    public async Task After_a_crash_inherited_mail_is_run_one_by_one_each_counted_first()
    {
        await _node.Send(CounterActor.Id("spool"), [.. Enumerable.Range(0, 3).Select(_ => (Ann, (object)new CounterMessage.Add(1)))]);
        var heir = await Heir(2);
        var attempts = new List<int>();
        _store.Before = async call => attempts.AddRange(
            call == "Commit" ? (await _inner.Turns.ReadWork(Toys.Catalog.ShardOf(Ann), 9, 9, default)).Mail.Select(m => m.Attempts) : []);
        (await heir.RunBatch(Ann)).ShouldBe(new BatchResult(BatchOutcome.Progressed, Turns: 1, More: true));
        attempts.ShouldBe([1, 0, 0]);
        await heir.RunBatch(Ann);
        await heir.RunBatch(Ann);
        _store.Before = _ => ValueTask.CompletedTask;
        await heir.Send(CounterActor.Id("spool"), [.. Enumerable.Range(0, 3).Select(_ => (Ann, (object)new CounterMessage.Add(1)))]);
        (await heir.RunBatch(Ann)).Turns.ShouldBe(3);
        (await heir.Counter("ann")).Sum.ShouldBe(6);
    }

    [Fact]
    public async Task A_message_that_ends_every_process_that_runs_it_is_set_aside_in_the_end()
    {
        await _node.Send(Ann, new CounterMessage.Add(1));
        _store.Before = call => call == "Commit" ? throw new StoreFaultException("The process is gone.") : ValueTask.CompletedTask;
        var life = 2;
        for (; life < 2 + ActorLimits.Attempts; life++)
        {
            var victim = await Heir(life);
            await Should.ThrowAsync<StoreFaultException>(async () => await victim.RunBatch(Ann));
        }

        _store.Before = _ => ValueTask.CompletedTask;
        var heir = await Heir(life);
        await heir.RunAll();
        (await _store.DeadLetters.List(default)).ShouldHaveSingleItem().Error.ShouldContain("begun 5 times and never ended");
        (await heir.Counter("ann")).Sum.ShouldBe(0);
    }

    private async Task<StepNode> Heir(int life)
    {
        _clock.Advance(TimeSpan.FromSeconds(5));
        return await new StepNode(_store, _clock, "node", life).Begin();
    }
}
