namespace Latecomer.Runtime;

/// <summary>Finds what need not be kept any more, and removes it piece by piece. A shard's journal is trimmed by the shard's owner, under its lease; what belongs to
/// no shard is removed by the owner of the first one. That is one node at a time, but for a moment in which it changes, and then two do no harm. Completes synchronously
/// when the store does.</summary>
public sealed class Housekeeping(NodeServices services, OwnedShards owned)
{
    /// <summary>What one piece removes at most: a transaction of a few milliseconds.</summary>
    public const int PieceRows = 500;

    private static readonly ShardId First = new(0);

    private Dictionary<Lease, DateTimeOffset> _oldest = [];

    private RuntimeSettings Settings => services.Settings;

    /// <summary>What there may be to remove now. Of a shard whose oldest entry is known, only once that is old enough.</summary>
    public async ValueTask<IReadOnlyList<Chore>> Due(CancellationToken cancellation)
    {
        var now = await services.Store.Membership.Now(cancellation);
        var chores = new List<Chore>();
        if (owned.Find(First) is not null)
        {
            Add(Settings.RepliesKept, new Chore.Replies(now));
            Add(Settings.HistoryKept, new Chore.History(now - Settings.HistoryKept));
        }

        var known = _oldest;
        _oldest = [];
        var before = now - Settings.JournalKept;
        foreach (var processor in owned.Processors.OrderBy(p => p.Lease.Shard))
        {
            if (known.TryGetValue(processor.Lease, out var oldest) && oldest >= before)
            {
                _oldest.Add(processor.Lease, oldest);
            }
            else
            {
                Add(Settings.JournalKept, new Chore.Journal(processor, before, now));
            }
        }

        return chores;

        void Add(TimeSpan kept, Chore chore)
        {
            if (kept < RuntimeSettings.ForEver)
            {
                chores.Add(chore);
            }
        }
    }

    /// <summary>Removes one piece.</summary>
    /// <returns>How much that was; <see cref="PieceRows"/> if there may be more.</returns>
    public async ValueTask<int> Do(Chore chore, CancellationToken cancellation)
    {
        switch (chore)
        {
            case Chore.Replies replies:
                return await services.Store.Requests.Expire(replies.Now, Settings.RepliesKept, PieceRows, cancellation);
            case Chore.History history:
                return await services.Store.Projections.RemoveRetired(history.Before, PieceRows, cancellation);
            case Chore.Journal journal:
                if (await journal.Of.TrimJournal(journal.Before, PieceRows, cancellation) is not { } trim)
                {
                    return 0;
                }

                _oldest[journal.Of.Lease] = trim.Oldest ?? journal.Now;
                return trim.Removed;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }
}

/// <summary>A kind of thing to be removed, in one place.</summary>
public abstract record Chore
{
    private Chore()
    {
    }

    /// <summary>Requests that were answered long ago.</summary>
    public sealed record Replies(DateTimeOffset Now) : Chore;

    /// <summary>Rows that were retired long ago.</summary>
    public sealed record History(DateTimeOffset Before) : Chore;

    /// <summary>Old entries of a shard's journal.</summary>
    public sealed record Journal(ShardProcessor Of, DateTimeOffset Before, DateTimeOffset Now) : Chore;
}
