using Latecomer.Runtime;

namespace Latecomer.Tests.Unit.Runtime;

public sealed class LostAnswerTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_shard_that_a_node_owns_and_does_not_serve_is_taken_anew_though_another_is_better()
    {
        var shards = Enumerable.Range(0, ShardId.ShardedCount).Select(n => new ShardId(n)).ToList();
        var (a, b) = (Node("a"), Node("b"));
        var ofB = shards.First(s => Placement.BestOwner(s, ["a", "b"]) == "b");
        var seen = new ShardOwnership(ofB, 3, a.Registration.Incarnation);

        var plan = Placement.Plan(a.Registration.Incarnation, [ofB], [a, b], Now, [seen], serving: new HashSet<ShardId>());

        plan.Take.ShouldBe([seen]);
        Placement.Plan(a.Registration.Incarnation, [ofB], [a, b], Now, [seen], serving: new HashSet<ShardId> { ofB }).GiveUp.ShouldBe([ofB]);
    }

    private static NodeStatus Node(string name) => new(new NodeRegistration(new Incarnation(Guid.NewGuid()), name, "", "build"), Now, Now.AddSeconds(4), Draining: false);
}
