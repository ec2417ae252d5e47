using System.Collections.Frozen;

namespace Latecomer.Runtime;

/// <summary>All kinds of actors of a program, and which shard each actor lives on.</summary>
public sealed class ActorCatalog
{
    private readonly FrozenDictionary<string, IActorBehavior> _behaviors;
    private readonly FrozenDictionary<string, IActorBehavior>.AlternateLookup<ReadOnlySpan<char>> _byKind;

    /// <summary>Takes the behaviors of the program.</summary>
    /// <exception cref="ArgumentException">Two share a name.</exception>
    public ActorCatalog(IEnumerable<IActorBehavior> behaviors)
    {
        _behaviors = behaviors.ToFrozenDictionary(b => b.Kind.Name, StringComparer.Ordinal);
        _byKind = _behaviors.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The names of the kinds, in order.</summary>
    public IEnumerable<string> Kinds => _behaviors.Keys.Order(StringComparer.Ordinal);

    /// <summary>The singletons of the program, by name.</summary>
    public IEnumerable<(string Name, ShardId Shard)> Singletons => _behaviors.Values
        .Select(b => b.Kind).OfType<ActorKind.OnSingleton>()
        .Select(k => (k.Singleton, ShardId.OfSingleton(k.Ordinal))).Distinct().OrderBy(s => s.Item2.Number);

    /// <summary>Every shard that a cluster of this program has.</summary>
    public IEnumerable<ShardId> Shards => Enumerable.Range(0, ShardId.ShardedCount).Select(n => new ShardId(n))
        .Concat(Singletons.Select(s => s.Shard));

    /// <summary>The behavior of an actor.</summary>
    /// <exception cref="InvalidOperationException">This build does not know the kind.</exception>
    public IActorBehavior BehaviorOf(ActorId actor) => _byKind.TryGetValue(actor.KindSpan, out var behavior)
        ? behavior
        : throw new InvalidOperationException($"This build knows no actor of kind '{actor.Kind}' (needed by {actor}).");

    /// <summary>The shard that an actor lives on, the same on every node and in every build.</summary>
    public ShardId ShardOf(ActorId actor) => BehaviorOf(actor).Kind switch
    {
        ActorKind.Sharded => ShardId.OfHash(StableHash.Of(actor.ToString())),
        ActorKind.OnSingleton singleton => ShardId.OfSingleton(singleton.Ordinal),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
