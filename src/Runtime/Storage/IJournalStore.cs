namespace Latecomer.Runtime;

/// <summary>The journal.</summary>
public interface IJournalStore
{
    /// <summary>Entries of a shard at positions above <paramref name="after"/>, in order; at most <paramref name="limit"/>. Positions begin at 1 and have no gap.</summary>
    ValueTask<IReadOnlyList<JournalEntry>> Read(ShardId shard, long after, int limit, CancellationToken cancellation);
}

/// <summary>Something that happened to an actor.</summary>
/// <param name="Shard">The actor's shard.</param>
/// <param name="Position">Its place in the shard's journal.</param>
/// <param name="Actor">To whom.</param>
/// <param name="Revision">The actor's revision that it belongs to.</param>
/// <param name="Entry">What happened.</param>
/// <param name="Cause">Because of what, as <see cref="Causes"/> names it.</param>
/// <param name="At">When, by the store's clock.</param>
public sealed record JournalEntry(ShardId Shard, long Position, ActorId Actor, long Revision, SerializedMessage Entry, string Cause, DateTimeOffset At);
