using Latecomer.Runtime;
using Latecomer.Tests.Testing.Runtime;

namespace Latecomer.Tests.Unit.Runtime;

/// <summary>Which node should own which shard, and how they get there.</summary>
public sealed class PlacementTests
{
    private static readonly DateTimeOffset Now = new(2001, 2, 3, 4, 5, 6, TimeSpan.Zero);
    private static readonly IReadOnlyList<ShardId> Shards = [.. Toys.Catalog.Shards];

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(10)]
    public void Shards_spread_evenly_enough(int nodes)
    {
        var counts = Shards.CountBy(s => Placement.BestOwner(s, Names(nodes))!).ToDictionary();
        counts.Count.ShouldBe(nodes);
        var fair = Shards.Count / (double)nodes;
        counts.Values.ShouldAllBe(c => c > fair * 0.6 && c < fair * 1.5);
    }

    [Fact]
    public void The_order_of_the_names_does_not_matter() =>
        Shards.ShouldAllBe(s => Placement.BestOwner(s, Names(5)) == Placement.BestOwner(s, Names(5).Reverse()));

    [Fact]
    public void When_a_node_leaves_only_its_own_shards_move()
    {
        var left = Names(5).Where(n => n != "node-3").ToList();
        Shards.Where(s => Placement.BestOwner(s, Names(5)) != "node-3")
            .ShouldAllBe(s => Placement.BestOwner(s, left) == Placement.BestOwner(s, Names(5)));
    }

    [Fact]
    public void A_node_that_comes_takes_only_its_share()
    {
        var moved = Shards.Where(s => Placement.BestOwner(s, Names(3)) != Placement.BestOwner(s, Names(4))).ToList();
        moved.ShouldAllBe(s => Placement.BestOwner(s, Names(4)) == "node-4");
        moved.Count.ShouldBeInRange(Shards.Count / 8, Shards.Count / 2);
    }

    [Fact]
    public void Without_nodes_nobody_owns_anything() => Placement.BestOwner(new ShardId(1), []).ShouldBeNull();

    [Fact]
    public void At_the_start_a_node_takes_all_that_is_its_own_at_once()
    {
        var plan = Plan(1, [Node(1), Node(2)], []);
        plan.Take.Select(t => t.Shard).ShouldBe(BestOf(1, 2));
        plan.Take.ShouldAllBe(t => t.Epoch == 0);
        plan.Unfinished.ShouldBeFalse();
    }

    [Fact]
    public void After_a_restart_of_everything_a_node_takes_all_at_once_from_the_dead()
    {
        var plan = Plan(1, [Node(1), Node(9, live: false)], OwnedBy(9));
        plan.Take.Count.ShouldBe(Shards.Count);
        plan.Take.ShouldAllBe(t => t.Epoch == 1 && t.Owner == Id(9));
    }

    [Fact]
    public void From_a_dead_node_beside_living_ones_a_few_are_taken_at_a_time()
    {
        var owned = Shards.Select(s => new ShardOwnership(s, 1, Id(Placement.BestOwner(s, Names(3)) switch { "node-1" => 1, "node-2" => 2, _ => 3 }))).ToList();
        var plan = Plan(1, [Node(1), Node(2), Node(3, live: false)], owned, owned.Where(o => o.Owner == Id(1)).Select(o => o.Shard));
        plan.Take.Count.ShouldBe(Placement.TakeoversPerRound);
        plan.Take.ShouldAllBe(t => t.Owner == Id(3));
        plan.Unfinished.ShouldBeTrue();
        plan.GiveUp.ShouldBeEmpty();
    }

    [Fact]
    public void Released_shards_are_taken_all_at_once()
    {
        var owned = Shards.Select(s => new ShardOwnership(s, 5, s.Number < 100 ? null : Id(2))).ToList();
        var plan = Plan(1, [Node(1), Node(2)], owned);
        plan.Take.Select(t => t.Shard).ShouldBe(BestOf(1, 2).Where(s => s.Number < 100));
        plan.Take.ShouldAllBe(t => t.Epoch == 5);
    }

    [Fact]
    public void A_newcomer_is_given_a_tenth_of_the_shards_at_a_time()
    {
        var plan = Plan(1, [Node(1), Node(2)], OwnedBy(1), Shards);
        plan.GiveUp.Count.ShouldBe(Shards.Count / 10);
        plan.GiveUp.ShouldBeSubsetOf(BestOf(2, 2));
        plan.Unfinished.ShouldBeTrue();
        plan.Take.ShouldBeEmpty();
    }

    [Fact]
    public void A_living_owner_is_left_alone() => Plan(2, [Node(1), Node(2)], OwnedBy(1)).Take.ShouldBeEmpty();

    [Fact]
    public void A_draining_node_gives_everything_up_and_takes_nothing()
    {
        var plan = Plan(1, [Node(1, draining: true), Node(2)], OwnedBy(1), Shards);
        plan.GiveUp.ShouldNotBeEmpty();
        Plan(1, [Node(1, draining: true), Node(2)], []).Take.ShouldBeEmpty();
        Plan(2, [Node(1, draining: true), Node(2)], []).Take.Count.ShouldBe(Shards.Count);
    }

    [Fact]
    public void A_draining_node_that_is_alone_keeps_what_it_has() =>
        Plan(1, [Node(1, draining: true)], OwnedBy(1), Shards).ShouldBe(AllocationPlan.Nothing, new SamePlan());

    [Fact]
    public void What_a_node_owns_without_serving_it_takes_anew()
    {
        var plan = Plan(1, [Node(1)], OwnedBy(1), Shards.Where(s => s.Number != 7));
        plan.Take.ShouldBe([new ShardOwnership(new ShardId(7), 1, Id(1))]);
    }

    [Fact]
    public void An_expired_node_does_nothing() => Plan(1, [Node(1, live: false), Node(2)], OwnedBy(1), Shards).ShouldBe(AllocationPlan.Nothing, new SamePlan());

    private static IEnumerable<string> Names(int count) => Enumerable.Range(1, count).Select(i => $"node-{i}");

    private static Incarnation Id(int node) => new(new Guid(node, 0, 0, new byte[8]));

    private static NodeStatus Node(int node, bool live = true, bool draining = false) =>
        new(new NodeRegistration(Id(node), $"node-{node}", "", "1.0"), Now, live ? Now.AddSeconds(1) : Now, draining);

    private static List<ShardOwnership> OwnedBy(int node) => [.. Shards.Select(s => new ShardOwnership(s, 1, Id(node)))];

    private static IEnumerable<ShardId> BestOf(int node, int of) => Shards.Where(s => Placement.BestOwner(s, Names(of)) == $"node-{node}");

    private static AllocationPlan Plan(int self, NodeStatus[] nodes, IReadOnlyCollection<ShardOwnership> owned, IEnumerable<ShardId>? serving = null) =>
        Placement.Plan(Id(self), Shards, nodes, Now, owned, (serving ?? []).ToHashSet());

    private sealed class SamePlan : IEqualityComparer<AllocationPlan>
    {
        public bool Equals(AllocationPlan? x, AllocationPlan? y) =>
            x!.Take.SequenceEqual(y!.Take) && x.GiveUp.SequenceEqual(y.GiveUp) && x.Unfinished == y.Unfinished;

        public int GetHashCode(AllocationPlan obj) => 0;
    }
}
