namespace Latecomer.Runtime;

/// <summary>A group of actors that one node owns at a time: 0..255 by hash, from 256 on one for each singleton.</summary>
public readonly record struct ShardId(int Number) : IComparable<ShardId>
{
    /// <summary>How many shards actors spread over by hash. Fixed: a store keeps it and refuses another.</summary>
    public const int ShardedCount = 256;

    /// <summary>Whether it is a singleton's.</summary>
    public bool IsSingleton => Number >= ShardedCount;

    /// <summary>The shard of a hash.</summary>
    public static ShardId OfHash(ulong hash) => new((int)(hash % ShardedCount));

    /// <summary>The shard of a singleton.</summary>
    public static ShardId OfSingleton(int ordinal) => new(ShardedCount + ordinal);

    /// <inheritdoc/>
    public int CompareTo(ShardId other) => Number.CompareTo(other.Number);

    /// <inheritdoc/>
    public override string ToString() => $"shard {Number}";
}
