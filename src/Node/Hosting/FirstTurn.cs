using Latecomer.Actors;
using Latecomer.Runtime;

namespace Latecomer.Node.Hosting;

/// <summary>The first turn of a process takes some hundred milliseconds more than the next, because its code is compiled then. A node of a cluster takes one for
/// nothing as soon as it has a shard, so that nobody waits for it when the node has just inherited the shards of another.</summary>
/// <param name="edge">By which it is asked.</param>
/// <param name="catalog">The program's actors.</param>
/// <param name="node">Who is to take it.</param>
internal sealed class FirstTurn(RequestEdge edge, ActorCatalog catalog, RuntimeNode node)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks for it, and waits neither for the turn, nor for long until the node has a shard. Without it the node is slower once, so nothing that goes
    /// wrong with it is a fault.</summary>
    public async Task Ask(CancellationToken cancellation)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(since) < Patience)
        {
            if (node.Shards is { Count: > 0 } own && SomeActor(own) is { } actor)
            {
                await TryAsk(actor, cancellation);
                return;
            }

            await Task.Delay(Glance, TimeProvider.System, cancellation);
        }
    }

    /// <summary>One that lives on one of these shards, and that nobody ever tells anything but this: it has no state, and gets none. None where these are
    /// shards of singletons alone.</summary>
    private ActorId? SomeActor(IReadOnlySet<ShardId> shards)
    {
        foreach (var number in Enumerable.Range(0, 16 * ShardId.ShardedCount))
        {
            var actor = new ActorId(ActorIds.PartitionKind, $"first-turn/{number}");
            if (shards.Contains(catalog.ShardOf(actor)))
            {
                return actor;
            }
        }

        return null;
    }

    private async Task TryAsk(ActorId actor, CancellationToken cancellation)
    {
        try
        {
            await edge.Ping(RequestId.Parse($"first-turn-{Guid.NewGuid():N}"), actor, cancellation);
        }
        catch (StoreFaultException)
        {
            // Whoever needs the store next will say so.
        }
    }
}
