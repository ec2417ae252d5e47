namespace Latecomer.Runtime;

/// <summary>The shard table.</summary>
public interface ILeaseStore
{
    /// <summary>All shards that were ever owned, by number.</summary>
    ValueTask<IReadOnlyList<ShardOwnership>> List(CancellationToken cancellation);

    /// <summary>Takes shards, each only if its epoch is still the one <paramref name="seen"/> (0: never owned) and no other live node owns it,
    /// and puts its epoch up by one. A node may take what is its own already: that is how it gets hold of a lease whose answer it lost.</summary>
    /// <returns>The leases that it got: none if <paramref name="node"/> itself has expired.</returns>
    ValueTask<IReadOnlyList<Lease>> TakeOver(IReadOnlyCollection<ShardOwnership> seen, Incarnation node, CancellationToken cancellation);

    /// <summary>Gives shards up: owner none, epoch + 1.</summary>
    /// <returns>Those given up; the others were lost already.</returns>
    ValueTask<IReadOnlyList<Lease>> Release(IReadOnlyCollection<Lease> leases, CancellationToken cancellation);
}
