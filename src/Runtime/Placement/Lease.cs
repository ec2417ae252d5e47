namespace Latecomer.Runtime;

/// <summary>The right of a node to run the turns of a shard. A transaction under it commits only while both epoch and owner are
/// those of the store: the pair is the fence, for epochs alone can regress when a database is failed over.</summary>
/// <param name="Shard">What is owned.</param>
/// <param name="Epoch">Grows with every change of owner.</param>
/// <param name="Owner">The incarnation that owns it.</param>
public sealed record Lease(ShardId Shard, long Epoch, Incarnation Owner);

/// <summary>A shard's lease as the store has it.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Epoch">Its epoch; 0 when nobody ever owned it.</param>
/// <param name="Owner">Its owner, if any; it may be a node that has expired.</param>
public sealed record ShardOwnership(ShardId Shard, long Epoch, Incarnation? Owner);
