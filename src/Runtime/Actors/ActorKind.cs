namespace Latecomer.Runtime;

/// <summary>A kind of actor and where its actors live.</summary>
public abstract record ActorKind
{
    private ActorKind()
    {
    }

    /// <summary>The kind's name: the first part of its actors' ids.</summary>
    public abstract string Name { get; init; }

    /// <summary>Spread over the shards by the hash of their ids.</summary>
    public sealed record Sharded(string Name) : ActorKind;

    /// <summary>All together on a shard of their own that moves by itself, so that one node at a time serves them.</summary>
    /// <param name="Name">The kind's name.</param>
    /// <param name="Singleton">The singleton's name, as <c>cluster show</c> prints it.</param>
    /// <param name="Ordinal">Its shard is <see cref="ShardId.ShardedCount"/> + ordinal, fixed forever.</param>
    public sealed record OnSingleton(string Name, string Singleton, int Ordinal) : ActorKind;
}
