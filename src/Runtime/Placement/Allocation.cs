namespace Latecomer.Runtime;

/// <summary>Brings the shards of a node to what <see cref="Placement"/> says, round by round. Safety does not rest on it: two nodes that
/// plan from different views can at worst both want a shard, and the store gives it to one. Completes synchronously when the store does.</summary>
public sealed class Allocation(NodeServices services, OwnedShards owned)
{
    private readonly List<ShardId> _shards = [.. services.Catalog.Shards];

    /// <summary>Looks, gives up what others should own, takes what this node should.</summary>
    public async ValueTask<AllocationRound> Round(CancellationToken cancellation)
    {
        var store = services.Store;
        var ownerships = await store.Leases.List(cancellation);
        var nodes = await store.Membership.List(cancellation);
        var now = await store.Membership.Now(cancellation);
        services.Observer.PlacementSeen(services.Self, new PlacementView(nodes, ownerships, now));
        if (nodes.Any(n => n.Registration.Incarnation == services.Self.Incarnation && n.Draining))
        {
            services.Observer.AskedToLeave(services.Self);
        }

        var plan = Placement.Plan(services.Self.Incarnation, _shards, nodes, now, ownerships, owned.Shards);
        await GiveUp(plan.GiveUp, cancellation);
        var taken = await Take(plan.Take, cancellation);
        return new AllocationRound(taken, plan.GiveUp, plan.Unfinished, NextExpiry(nodes, now));
    }

    /// <summary>Hands shards over: stops their intake, finishes their batches, releases, and tells the others.</summary>
    public async ValueTask GiveUp(IReadOnlyCollection<ShardId> shards, CancellationToken cancellation)
    {
        var leases = await owned.Close(shards);
        if (leases.Count == 0)
        {
            return;
        }

        var released = await services.Store.Leases.Release(leases, cancellation);
        services.Observer.LeasesReleased(services.Self, released);
        services.Hints.Publish(new Hint.PlacementChanged());
    }

    private TimeSpan? NextExpiry(IReadOnlyList<NodeStatus> nodes, DateTimeOffset now) => nodes
        .Where(n => n.IsLive(now) && n.Registration.Incarnation != services.Self.Incarnation)
        .Min(n => (TimeSpan?)(n.ExpiresAt - now));

    private async ValueTask<IReadOnlyList<ShardId>> Take(IReadOnlyList<ShardOwnership> seen, CancellationToken cancellation)
    {
        if (seen.Count == 0)
        {
            return [];
        }

        var inherited = seen.Where(s => s.Owner is { } owner && owner != services.Self.Incarnation).Select(s => s.Shard).ToHashSet();
        var leases = await services.Store.Leases.TakeOver(seen, services.Self.Incarnation, cancellation);
        foreach (var lease in leases)
        {
            owned.Add(lease, inherited.Contains(lease.Shard));
        }

        services.Observer.LeasesTaken(services.Self, leases);
        if (leases.Count > 0)
        {
            // Others may have mail for these shards to hint at.
            services.Hints.Publish(new Hint.PlacementChanged());
        }

        return [.. leases.Select(l => l.Shard)];
    }
}

/// <summary>What one round of allocation did.</summary>
/// <param name="Taken">Shards that the node serves now; they may have mail waiting.</param>
/// <param name="GivenUp">Shards that it handed over.</param>
/// <param name="Unfinished">Another round should follow at once.</param>
/// <param name="NextExpiry">When the next of the other nodes expires if it does not renew; null if there are none.</param>
public sealed record AllocationRound(IReadOnlyList<ShardId> Taken, IReadOnlyList<ShardId> GivenUp, bool Unfinished, TimeSpan? NextExpiry);
