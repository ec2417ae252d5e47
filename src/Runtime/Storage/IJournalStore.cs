namespace Latecomer.Runtime;

/// <summary>The journal. Of each shard it has the entries above a floor: positions begin at 1, have no gap above the floor, and are given once for good,
/// because the newest entry always stays.</summary>
public interface IJournalStore
{
    /// <summary>Names this journal: a place in it means nothing in one of another name. What is restored from a backup has a name of its own, for its positions are given anew.</summary>
    ValueTask<Guid> Identity(CancellationToken cancellation);

    /// <summary>The newest position of each shard that has one, in the order of the shards: one cheap question for a poll.</summary>
    ValueTask<IReadOnlyList<JournalHead>> Heads(CancellationToken cancellation);

    /// <summary>Entries of a shard at positions above <paramref name="after"/>, in order; at most <paramref name="limit"/>.</summary>
    /// <param name="shard">Which.</param>
    /// <param name="after">The last position that was read; 0 begins with the first.</param>
    /// <param name="limit">How many at most; 1 at least.</param>
    /// <param name="cancellation">Gives up.</param>
    ValueTask<JournalPage> Read(ShardId shard, long after, int limit, CancellationToken cancellation);

    /// <summary>The newest entries of one actor at positions below <paramref name="before"/>, newest first; at most <paramref name="limit"/>. The cost follows what is
    /// read, not what else there is.</summary>
    ValueTask<IReadOnlyList<JournalEntry>> ReadActor(ShardId shard, ActorId actor, long before, int limit, CancellationToken cancellation);

    /// <summary>Removes the oldest entries of a shard, up to the first that is not older than <paramref name="before"/>, and never the newest. The cost follows what is
    /// removed.</summary>
    /// <param name="lease">The right to the shard: the fence.</param>
    /// <param name="before">The entries' times, by the store's clock.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellation">Gives up; whether they were removed is then not known, and the same call may be made again.</param>
    /// <returns>Null if the lease is lost: then nothing was removed.</returns>
    ValueTask<JournalTrim?> Trim(Lease lease, DateTimeOffset before, int limit, CancellationToken cancellation);
}

/// <summary>How far a shard's journal has come.</summary>
public readonly record struct JournalHead(ShardId Shard, long Position);

/// <summary>What came of reading the journal.</summary>
public abstract record JournalPage
{
    private JournalPage()
    {
    }

    /// <summary>What <paramref name="found"/>, the first entries above <paramref name="after"/> that are there, says: an entry that follows on no other shows
    /// that something was removed before it.</summary>
    public static JournalPage Of(long after, IReadOnlyList<JournalEntry> found)
    {
        if (found.Count > 0 && found[0].Position != after + 1)
        {
            return new BelowFloor(found[0].Position - 1);
        }

        var whole = found.Count;
        while (whole > 0 && found[whole - 1].Position != after + whole)
        {
            whole--;
        }

        return new Entries(whole == found.Count ? found : [.. found.Take(whole)]);
    }

    /// <summary>The next entries; none if the reader is at the end.</summary>
    public sealed record Entries(IReadOnlyList<JournalEntry> Items) : JournalPage;

    /// <summary>Entries that the reader has not seen were removed. Whoever bears that goes on after <paramref name="Floor"/>.</summary>
    /// <param name="Floor">No entry at or below it is left.</param>
    public sealed record BelowFloor(long Floor) : JournalPage;
}

/// <summary>What was removed of a shard's journal.</summary>
/// <param name="Removed">How many entries.</param>
/// <param name="Oldest">The time of the oldest that is left; null if the shard has none.</param>
public sealed record JournalTrim(int Removed, DateTimeOffset? Oldest);

/// <summary>Something that happened to an actor.</summary>
/// <param name="Shard">The actor's shard.</param>
/// <param name="Position">Its place in the shard's journal.</param>
/// <param name="Actor">To whom.</param>
/// <param name="Revision">The actor's revision that it belongs to.</param>
/// <param name="Entry">What happened.</param>
/// <param name="Cause">Because of what, as <see cref="Causes"/> names it.</param>
/// <param name="At">When, by the store's clock.</param>
public sealed record JournalEntry(ShardId Shard, long Position, ActorId Actor, long Revision, SerializedMessage Entry, string Cause, DateTimeOffset At);
