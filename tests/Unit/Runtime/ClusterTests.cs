using Latecomer.Runtime;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.Runtime;

namespace Latecomer.Tests.Unit.Runtime;

/// <summary>Several nodes on one store, step by step.</summary>
public sealed class ClusterTests
{
    private static readonly ActorId Ann = CounterActor.Id("ann");

    private readonly FakeClock _clock = new();
    private readonly InMemoryRuntimeStore _store;

    public ClusterTests() => _store = new InMemoryRuntimeStore(_clock);

    [Fact]
    public async Task Shards_move_to_a_newcomer_without_waiting_for_any_expiry()
    {
        var first = await Node("first").Begin();
        var second = await Node("second").Begin();
        second.Owned.Shards.ShouldBeEmpty();
        for (var round = 0; round < 30; round++)
        {
            await first.Allocation.Round(default);
            await second.Allocation.Round(default);
        }

        foreach (var shard in Toys.Catalog.Shards)
        {
            var best = Placement.BestOwner(shard, ["first", "second"]) == "first" ? first : second;
            best.Owned.Find(shard).ShouldNotBeNull();
        }

        (first.Owned.Shards.Count + second.Owned.Shards.Count).ShouldBe(Toys.Catalog.Shards.Count());
    }

    [Fact]
    public async Task Mail_is_handled_once_over_a_hand_over()
    {
        var first = await Node("first").Begin();
        await first.Send(Ann, new CounterMessage.Add(1));
        await first.RunAll();
        await first.Send(Ann, new CounterMessage.Add(10));
        var second = Node("second");
        (await second.Membership.Join(default)).ShouldBeTrue();
        await first.Membership.Drain(default);
        await first.Allocation.GiveUp(first.Owned.Shards, default);
        await first.Membership.Leave(default);
        await second.Allocate();
        await second.RunAll();
        (await second.Counter("ann")).Sum.ShouldBe(11);
        second.Observer.TurnsByNode["second"].ShouldBe(1);
    }

    [Fact]
    public async Task Shards_of_a_dead_node_are_all_taken_after_its_expiry_and_not_before()
    {
        var first = await Node("first").Begin();
        var second = Node("second");
        (await second.Membership.Join(default)).ShouldBeTrue();
        await first.Send(Ann, new CounterMessage.Add(1));
        _clock.Advance(TimeSpan.FromSeconds(3));
        (await second.Membership.Renew(default)).ShouldBeTrue();
        await second.Allocate();
        second.Owned.Shards.ShouldBeEmpty();
        _clock.Advance(TimeSpan.FromSeconds(1));
        await second.Allocate();
        second.Owned.Shards.Count.ShouldBe(Toys.Catalog.Shards.Count());
        await second.RunAll();
        (await second.Counter("ann")).Sum.ShouldBe(1);
        (await first.RunBatch(Ann)).Outcome.ShouldBe(BatchOutcome.Idle);
    }

    [Fact]
    public async Task A_node_that_sleeps_through_its_expiry_in_the_middle_of_a_commit_writes_nothing()
    {
        var sleepy = new FaultyStore(_store);
        var first = await new StepNode(sleepy, _clock, "first").Begin();
        var second = Node("second");
        (await second.Membership.Join(default)).ShouldBeTrue();
        await first.Send(Ann, new CounterMessage.Add(1));
        sleepy.Before = async call =>
        {
            if (call == "Commit")
            {
                _clock.Advance(TimeSpan.FromSeconds(3));
                (await second.Membership.Renew(default)).ShouldBeTrue();
                _clock.Advance(TimeSpan.FromSeconds(2));
                await second.Allocate();
                await second.RunAll();
            }
        };
        (await first.RunBatch(Ann)).Outcome.ShouldBe(BatchOutcome.LeaseLost);
        (await second.Counter("ann")).Sum.ShouldBe(1);
        (await _store.Journal.Entries(Toys.Catalog.ShardOf(Ann), 0, 10, default)).ShouldHaveSingleItem();
        (await first.Membership.Renew(default)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_lease_whose_answer_was_lost_is_taken_anew()
    {
        var node = await Node("first").Begin();
        node.Owned.Drop(node.ProcessorOf(Ann));
        await node.Allocate();
        node.ProcessorOf(Ann).Lease.Epoch.ShouldBe(2);
    }

    [Fact]
    public async Task Several_nodes_share_the_singletons_by_the_same_rule()
    {
        var nodes = new List<StepNode>();
        foreach (var name in new[] { "a", "b", "c" })
        {
            nodes.Add(await Node(name).Begin());
        }

        for (var round = 0; round < 30; round++)
        {
            foreach (var node in nodes)
            {
                await node.Allocation.Round(default);
            }
        }

        var singleton = Toys.Catalog.Singletons.Single().Shard;
        nodes.Single(n => n.Owned.Find(singleton) is not null).Services.Self.Name.ShouldBe(Placement.BestOwner(singleton, ["a", "b", "c"]));
    }

    [Fact]
    public async Task A_node_believes_itself_alive_from_before_it_asked_and_for_less_than_the_store_gives()
    {
        var slow = new FaultyStore(_store);
        var node = await new StepNode(slow, _clock, "first").Begin();
        slow.Before = _ =>
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            return ValueTask.CompletedTask;
        };
        (await node.Membership.Renew(default)).ShouldBeTrue();
        node.Membership.Remaining.ShouldBe(TimeSpan.FromSeconds(4 - 0.5 - 1));
        ((await _store.Membership.List(default)).Single().ExpiresAt - _clock.GetUtcNow()).ShouldBe(TimeSpan.FromSeconds(4));
    }

    private StepNode Node(string name) => new(_store, _clock, name);
}
