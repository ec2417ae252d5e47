using Latecomer.Runtime;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.Runtime;

namespace Latecomer.Tests.Unit.Runtime;

/// <summary>Requests that are offered to the owner of their actor: no mailbox, one transaction; and a mailbox after all wherever that is better.</summary>
public sealed class OfferTests : IAsyncLifetime
{
    private static readonly ActorId Ann = CounterActor.Id("ann");
    private static readonly RequestId Id = Toys.Request("request");

    private readonly FakeClock _clock = new();
    private readonly FaultyStore _store;
    private readonly LocalIntake _intake = new();
    private readonly List<ShardId> _woken = [];
    private StepNode _node = null!;
    private RequestEdge _edge = null!;

    public OfferTests() => _store = new FaultyStore(new InMemoryRuntimeStore(_clock));

    public async Task InitializeAsync()
    {
        _node = await new StepNode(_store, _clock).Begin();
        _node.Owned.Offered = _woken.Add;
        _intake.Serve(_node.Owned);
        _edge = new RequestEdge(_store, Toys.Catalog, new LocalHints(), _clock, new RuntimeSettings(), _intake);
    }

    public Task DisposeAsync()
    {
        _edge.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task It_is_answered_by_the_next_batch_and_lies_in_no_mailbox()
    {
        var asked = Ask(Id, new CounterMessage.Add(1, Id));
        _woken.ShouldBe([Toys.Catalog.ShardOf(Ann)]);
        (await Mail()).ShouldBeEmpty();
        (await _node.RunBatch(Ann)).ShouldSatisfyAllConditions(r => r.Turns.ShouldBe(1), r => r.More.ShouldBeFalse());
        Sum(await asked).ShouldBe(1);
        (await _store.Requests.FindReply(Id, default)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Asked_twice_in_one_batch_it_is_applied_once()
    {
        var (first, second) = (Ask(Id, new CounterMessage.Add(1, Id)), Ask(Id, new CounterMessage.Add(1, Id)));
        (Sum(await Answered(first)), Sum(await Answered(second))).ShouldBe((1, 1));
        (await _node.Counter("ann")).Sum.ShouldBe(1);
    }

    [Fact]
    public async Task Asked_again_later_it_gets_the_same_reply_and_another_body_is_refused()
    {
        await Answered(Ask(Id, new CounterMessage.Add(1, Id)));
        Sum(await Answered(Ask(Id, new CounterMessage.Add(1, Id)))).ShouldBe(1);
        (await Answered(Ask(Id, new CounterMessage.Add(2, Id)))).ShouldBeOfType<RequestOutcome.Mismatch>();
        (await _node.Counter("ann")).Sum.ShouldBe(1);
    }

    [Fact]
    public async Task A_turn_that_fails_is_tried_from_the_mailbox_where_attempts_are_counted()
    {
        var asked = Ask(Id, new CounterMessage.Fail("badly"));
        var reply = (await Answered(asked)).ShouldBeOfType<RequestOutcome.Replied>().Reply;
        reply.Status.ShouldBe(ReplyStatus.Internal);
        _node.Observer.FailedTurns.ShouldBe(ActorLimits.Attempts);
    }

    [Fact]
    public async Task What_the_store_refuses_for_good_is_told_apart_from_what_was_offered_beside_it()
    {
        var (bad, good) = (Toys.Request("bad"), Toys.Request("good"));
        var refused = Ask(bad, new CounterMessage.Grow(ActorLimits.StateBytes));
        var asked = Ask(good, new CounterMessage.Add(1, good));
        Sum(await Answered(asked)).ShouldBe(1);
        (await Answered(refused)).ShouldBeOfType<RequestOutcome.Replied>().Reply.Status.ShouldBe(ReplyStatus.Internal);
    }

    [Fact]
    public async Task Whose_actor_is_suspended_waits_in_the_mailbox()
    {
        await _node.Send(Ann, new CounterMessage.Fail("badly"));
        await _node.RunAll();
        var asked = Ask(Id, new CounterMessage.Add(1, Id));
        await _node.RunBatch(Ann);
        asked.IsCompleted.ShouldBeFalse();
        await _store.DeadLetters.Discard((await _store.DeadLetters.List(default))[0].Id, default);
        Sum(await Answered(asked)).ShouldBe(1);
    }

    [Fact]
    public async Task Whose_reply_would_be_forgotten_by_now_is_not_taken_up()
    {
        var late = new NewRequest(Id, "hash", Ann, Toys.Catalog.ShardOf(Ann), Toys.Catalog.BehaviorOf(Ann).WriteMessage(new CounterMessage.Add(1, Id)), _clock.GetUtcNow());
        var offered = _intake.Offer(late, default);
        await _node.RunBatch(Ann);
        (await offered).ShouldBe(OfferOutcome.Declined.Instance);
        (await _node.Counter("ann")).Sum.ShouldBe(0);
    }

    [Fact]
    public async Task When_nobody_knows_whether_it_became_durable_the_store_tells()
    {
        var asked = Ask(Id, new CounterMessage.Add(1, Id));
        _store.After = call => call == nameof(ITurnStore.Commit) ? throw new StoreFaultException("gone") : ValueTask.CompletedTask;
        await Should.ThrowAsync<StoreFaultException>(async () => await _node.RunBatch(Ann));
        _store.After = _ => ValueTask.CompletedTask;
        Sum(await asked).ShouldBe(1);
        (await _node.Counter("ann")).Sum.ShouldBe(1);
    }

    [Fact]
    public async Task A_shard_that_is_given_up_declines_what_waits_and_its_next_owner_finds_it_in_the_mailbox()
    {
        var asked = Ask(Id, new CounterMessage.Add(1, Id));
        await _node.Owned.Close([Toys.Catalog.ShardOf(Ann)]);
        await MailArrives(1);
        asked.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Under_a_lost_lease_nothing_is_taken_up()
    {
        var asked = Ask(Id, new CounterMessage.Add(1, Id));
        await _store.Leases.Release([_node.ProcessorOf(Ann).Lease], default);
        (await _node.RunBatch(Ann)).Outcome.ShouldBe(BatchOutcome.LeaseLost);
        await MailArrives(1);
        asked.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task The_shards_of_a_node_that_died_take_none_for_a_while()
    {
        _clock.Advance(TimeSpan.FromSeconds(10));
        var heir = await new StepNode(_store, _clock, "heir").Begin();
        var request = new NewRequest(Id, "hash", Ann, Toys.Catalog.ShardOf(Ann), Ping.Message, _clock.GetUtcNow().AddDays(1));
        heir.Owned.TryOffer(request, out _).ShouldBeFalse();
        _clock.Advance(new RuntimeSettings().MailboxOnlyAfterDeath);
        heir.Owned.TryOffer(request, out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Of_too_many_at_once_the_rest_wait_in_the_mailbox()
    {
        var asked = Enumerable.Range(0, ShardIntake.Most + 3).Select(i => Toys.Request($"r{i}")).Select(id => Ask(id, new CounterMessage.Add(1, id))).ToList();
        await MailArrives(3);
        foreach (var one in asked)
        {
            await Answered(one);
        }

        (await _node.Counter("ann")).Sum.ShouldBe(ShardIntake.Most + 3);
    }

    private static long Sum(RequestOutcome outcome) =>
        DurableJson.Read<Total>(outcome.ShouldBeOfType<RequestOutcome.Replied>().Reply.Body.ShouldNotBeNull()).Sum;

    private Task<RequestOutcome> Ask(RequestId id, CounterMessage message) => _edge.Ask(id, Ann, message, default);

    private async Task<IReadOnlyList<Mail>> Mail() => (await _store.Turns.ReadWork(Toys.Catalog.ShardOf(Ann), int.MaxValue, int.MaxValue, default)).Mail;

    private async Task RunAll()
    {
        while ((await _node.RunBatch(Ann)).More)
        {
        }

        await _node.RunAll();
    }

    /// <summary>What was declined goes on where its edge left off, on another thread: batches are run until it is answered.</summary>
    private async Task<RequestOutcome> Answered(Task<RequestOutcome> asked)
    {
        await Until(async () =>
        {
            await RunAll();
            _clock.Advance(TimeSpan.FromMilliseconds(10));
            return asked.IsCompleted;
        });
        return await asked;
    }

    private async Task MailArrives(int count) => await Until(async () => (await Mail()).Count == count);

    private static async Task Until(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(Liveness.Bound);
        while (!await isSo())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
