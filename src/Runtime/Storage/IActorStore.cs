namespace Latecomer.Runtime;

/// <summary>Which actors there are: those that have a state.</summary>
public interface IActorStore
{
    /// <summary>Actors whose ids, as text, begin with <paramref name="prefix"/> and are above <paramref name="after"/>, in the order of their code points; at most
    /// <paramref name="limit"/>. The cost follows what is read.</summary>
    ValueTask<IReadOnlyList<ActorStatus>> List(string prefix, string? after, int limit, CancellationToken cancellation);
}

/// <summary>An actor as the store has it.</summary>
/// <param name="Actor">Which.</param>
/// <param name="Shard">Its shard.</param>
/// <param name="Revision">How many turns have changed it.</param>
/// <param name="StateBytes">The size of its state.</param>
public sealed record ActorStatus(ActorId Actor, ShardId Shard, long Revision, int StateBytes);
