using System.Collections.Concurrent;

namespace Latecomer.Runtime;

/// <summary>The shards that a node serves in one life. Safe to use from any thread.</summary>
public sealed class OwnedShards(NodeServices services)
{
    private readonly ConcurrentDictionary<ShardId, ShardProcessor> _processors = [];

    /// <summary>The processors of all shards that it serves now.</summary>
    public IReadOnlyCollection<ShardProcessor> Processors => [.. _processors.Values];

    /// <summary>The shards that it serves now.</summary>
    public IReadOnlySet<ShardId> Shards => _processors.Keys.ToHashSet();

    /// <summary>The processor of a shard; null if the node does not serve it.</summary>
    public ShardProcessor? Find(ShardId shard) => _processors.GetValueOrDefault(shard);

    /// <summary>Serves a shard from now on.</summary>
    /// <param name="lease">The right to it.</param>
    /// <param name="inherited">Its last owner died.</param>
    public void Add(Lease lease, bool inherited) => _processors[lease.Shard] = new ShardProcessor(services, lease, inherited);

    /// <summary>Drops a shard at once, as after its lease was lost. Nothing happens if the shard is served under another lease by now.</summary>
    public void Drop(ShardProcessor processor) => _processors.TryRemove(KeyValuePair.Create(processor.Lease.Shard, processor));

    /// <summary>Stops the intake of shards and waits for the end of their running batches.</summary>
    /// <returns>The leases to be released.</returns>
    public async ValueTask<IReadOnlyList<Lease>> Close(IReadOnlyCollection<ShardId> shards)
    {
        var leases = new List<Lease>();
        foreach (var shard in shards)
        {
            if (_processors.TryRemove(shard, out var processor))
            {
                await processor.Close();
                leases.Add(processor.Lease);
            }
        }

        return leases;
    }
}
