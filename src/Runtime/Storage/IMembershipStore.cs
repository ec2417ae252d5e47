namespace Latecomer.Runtime;

/// <summary>The node table. Its times are by the store's clock, and serve liveness only.</summary>
public interface IMembershipStore
{
    /// <summary>The store's clock, UTC; it does not go back.</summary>
    ValueTask<DateTimeOffset> Now(CancellationToken cancellation);

    /// <summary>Lets a node take part until now + <paramref name="lifetime"/>. False if a live node has its name. A node whose
    /// incarnation has joined before keeps its place: asking again is harmless.</summary>
    ValueTask<bool> Join(NodeRegistration node, TimeSpan lifetime, CancellationToken cancellation);

    /// <summary>Prolongs a node's life to now + <paramref name="lifetime"/>. False if it has expired: expired is for good.</summary>
    ValueTask<bool> Renew(Incarnation node, TimeSpan lifetime, CancellationToken cancellation);

    /// <summary>Marks a node as one that hands over and takes no more shards.</summary>
    ValueTask Drain(Incarnation node, CancellationToken cancellation);

    /// <summary>Ends a node's life now. Its leases and its activities can be taken over at once.</summary>
    ValueTask Leave(Incarnation node, CancellationToken cancellation);

    /// <summary>The nodes that have not been forgotten, by name; some may have expired.</summary>
    ValueTask<IReadOnlyList<NodeStatus>> List(CancellationToken cancellation);
}
