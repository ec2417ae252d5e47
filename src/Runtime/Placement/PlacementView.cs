namespace Latecomer.Runtime;

/// <summary>Who takes part and who owns what, as a node saw it; it may be old.</summary>
/// <param name="Nodes">The nodes as the store has them.</param>
/// <param name="Ownerships">Who owns what.</param>
/// <param name="Now">The store's clock.</param>
public sealed record PlacementView(IReadOnlyList<NodeStatus> Nodes, IReadOnlyList<ShardOwnership> Ownerships, DateTimeOffset Now);
