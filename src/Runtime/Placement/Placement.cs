namespace Latecomer.Runtime;

/// <summary>Which node should own which shard, as a pure function of the names of the nodes: rendezvous hashing. Every node computes
/// the same, and when a node comes or goes only its own shards move.</summary>
public static class Placement
{
    /// <summary>Takeovers of shards of dead nodes in one round at most, so that survivors are not flooded.</summary>
    public const int TakeoversPerRound = 8;

    /// <summary>One in this many shards is given up to a better owner in one round at most.</summary>
    public const int MovedPart = 10;

    /// <summary>The node that should own a shard; null if there are no nodes.</summary>
    public static string? BestOwner(ShardId shard, IEnumerable<string> nodes) =>
        nodes.MaxBy(node => (StableHash.Of(StableHash.Of(node), shard.Number), node));

    /// <summary>What <paramref name="self"/> does next: which shards it takes, and which it gives up.</summary>
    /// <param name="self">The node that plans.</param>
    /// <param name="shards">All shards of the cluster.</param>
    /// <param name="nodes">The nodes as the store has them.</param>
    /// <param name="now">The store's clock.</param>
    /// <param name="ownerships">Who owns what, as the store has it.</param>
    /// <param name="serving">The shards that the node serves. What it owns without serving it takes anew: it lost an answer.</param>
    public static AllocationPlan Plan(
        Incarnation self,
        IReadOnlyCollection<ShardId> shards,
        IReadOnlyCollection<NodeStatus> nodes,
        DateTimeOffset now,
        IReadOnlyCollection<ShardOwnership> ownerships,
        IReadOnlySet<ShardId> serving)
    {
        var live = nodes.Where(n => n.IsLive(now)).ToDictionary(n => n.Registration.Incarnation);
        if (!live.TryGetValue(self, out var me))
        {
            return AllocationPlan.Nothing;
        }

        var candidates = live.Values.Where(n => !n.Draining).Select(n => n.Registration.Name).ToList();
        var current = ownerships.ToDictionary(o => o.Shard);
        var mine = new List<ShardOwnership>();
        var dead = new List<ShardOwnership>();
        var giveUp = new List<ShardId>();
        foreach (var shard in shards)
        {
            var seen = current.GetValueOrDefault(shard) ?? new ShardOwnership(shard, 0, Owner: null);
            var best = BestOwner(shard, candidates) == me.Registration.Name;
            switch (seen.Owner)
            {
                case { } owner when owner == self && serving.Contains(shard):
                    giveUp.AddRange(best || candidates.Count == 0 ? [] : [shard]);
                    break;
                case { } owner when owner == self:
                    // It lost an answer. Nobody else can take the shard while this node lives: it takes it anew, and gives it up afterwards if another is better.
                    mine.Add(seen);
                    break;
                case { } owner when live.ContainsKey(owner):
                    break;
                case not null:
                    dead.AddRange(best ? [seen] : []);
                    break;
                default:
                    mine.AddRange(best ? [seen] : []);
                    break;
            }
        }

        return Bound(shards.Count, mine, dead, giveUp, anyOwnerLives: ownerships.Any(o => o.Owner is { } owner && owner != self && live.ContainsKey(owner)));
    }

    private static AllocationPlan Bound(
        int shards, List<ShardOwnership> mine, List<ShardOwnership> dead, List<ShardId> giveUp, bool anyOwnerLives)
    {
        // When nobody is left who owns anything, as after a restart, there is nobody to be gentle to.
        var takeovers = anyOwnerLives ? TakeoversPerRound : int.MaxValue;
        var moves = Math.Max(1, shards / MovedPart);
        return new AllocationPlan(
            [.. mine, .. dead.OrderBy(s => s.Shard.IsSingleton ? 0 : 1).Take(takeovers)],
            [.. giveUp.Take(moves)],
            Unfinished: dead.Count > takeovers || giveUp.Count > moves);
    }
}

/// <summary>What a node does in one round of allocation.</summary>
/// <param name="Take">Shards to take, as they were seen.</param>
/// <param name="GiveUp">Shards to hand over to better owners.</param>
/// <param name="Unfinished">More was to be done than one round may do.</param>
public sealed record AllocationPlan(IReadOnlyList<ShardOwnership> Take, IReadOnlyList<ShardId> GiveUp, bool Unfinished)
{
    /// <summary>All is as it should be.</summary>
    public static AllocationPlan Nothing { get; } = new([], [], Unfinished: false);
}
