namespace Latecomer.Runtime;

/// <summary>The shard table in memory.</summary>
internal sealed class MemoryLeases(MemoryTables tables) : ILeaseStore
{
    public ValueTask<IReadOnlyList<ShardOwnership>> List(CancellationToken cancellation)
    {
        lock (tables.Gate)
        {
            return ValueTask.FromResult<IReadOnlyList<ShardOwnership>>([.. tables.Leases.Values]);
        }
    }

    public ValueTask<IReadOnlyList<Lease>> TakeOver(IReadOnlyCollection<ShardOwnership> seen, Incarnation node, CancellationToken cancellation)
    {
        lock (tables.Gate)
        {
            var taken = new List<Lease>();
            foreach (var shard in tables.IsLive(node) ? seen : [])
            {
                var current = tables.Leases.GetValueOrDefault(shard.Shard) ?? new ShardOwnership(shard.Shard, 0, Owner: null);
                if (current.Epoch == shard.Epoch && (current.Owner is not { } owner || owner == node || !tables.IsLive(owner)))
                {
                    tables.Leases[shard.Shard] = new ShardOwnership(shard.Shard, shard.Epoch + 1, node);
                    taken.Add(new Lease(shard.Shard, shard.Epoch + 1, node));
                }
            }

            return ValueTask.FromResult<IReadOnlyList<Lease>>(taken);
        }
    }

    public ValueTask<IReadOnlyList<Lease>> Release(IReadOnlyCollection<Lease> leases, CancellationToken cancellation)
    {
        lock (tables.Gate)
        {
            var released = leases.Where(tables.IsHeld).ToList();
            foreach (var lease in released)
            {
                tables.Leases[lease.Shard] = new ShardOwnership(lease.Shard, lease.Epoch + 1, Owner: null);
            }

            return ValueTask.FromResult<IReadOnlyList<Lease>>(released);
        }
    }
}
