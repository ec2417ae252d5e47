using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Latecomer.Runtime;

/// <summary>The shards that a node serves in one life. Safe to use from any thread.</summary>
public sealed class OwnedShards(NodeServices services)
{
    private readonly ConcurrentDictionary<ShardId, ShardProcessor> _processors = [];

    /// <summary>Told when a shard was offered something: it has a batch to run.</summary>
    public Action<ShardId> Offered { get; set; } = _ => { };

    /// <summary>The processors of all shards that it serves now.</summary>
    public IReadOnlyCollection<ShardProcessor> Processors => [.. _processors.Values];

    /// <summary>The shards that it serves now.</summary>
    public IReadOnlySet<ShardId> Shards => _processors.Keys.ToHashSet();

    /// <summary>The processor of a shard; null if the node does not serve it.</summary>
    public ShardProcessor? Find(ShardId shard) => _processors.GetValueOrDefault(shard);

    /// <summary>Offers a request to its shard. False if the node does not take it.</summary>
    public bool TryOffer(NewRequest request, [NotNullWhen(true)] out Task<OfferOutcome>? outcome)
    {
        outcome = null;
        var taken = Find(request.Shard) is { } processor && processor.TryOffer(request, out outcome);
        if (taken)
        {
            Offered(request.Shard);
        }

        return taken;
    }

    /// <summary>Takes no offers any more, and declines those that wait.</summary>
    public void CloseIntakes()
    {
        foreach (var processor in _processors.Values)
        {
            processor.CloseIntake();
        }
    }

    /// <summary>Serves a shard from now on.</summary>
    /// <param name="lease">The right to it.</param>
    /// <param name="inherited">Its last owner died.</param>
    public void Add(Lease lease, bool inherited) => _processors[lease.Shard] = new ShardProcessor(services, lease, inherited);

    /// <summary>Drops a shard at once, as after its lease was lost. Nothing happens if the shard is served under another lease by now.</summary>
    public void Drop(ShardProcessor processor)
    {
        _processors.TryRemove(KeyValuePair.Create(processor.Lease.Shard, processor));
        processor.CloseIntake();
    }

    /// <summary>Stops the intake of shards, of all of them first, and waits for the end of their running batches.</summary>
    /// <returns>The leases to be released.</returns>
    public async ValueTask<IReadOnlyList<Lease>> Close(IReadOnlyCollection<ShardId> shards)
    {
        var closing = new List<ShardProcessor>();
        foreach (var shard in shards)
        {
            if (_processors.TryRemove(shard, out var processor))
            {
                processor.CloseIntake();
                closing.Add(processor);
            }
        }

        foreach (var processor in closing)
        {
            await processor.Close();
        }

        return closing.ConvertAll(p => p.Lease);
    }
}
