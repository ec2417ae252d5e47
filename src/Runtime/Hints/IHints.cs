namespace Latecomer.Runtime;

/// <summary>Tells nodes and edges at once what they would find out by polling anyway. A hint may be lost, doubled, late or wrong: it only ever
/// makes somebody look into the store.</summary>
public interface IHints
{
    /// <summary>Tells everybody. Does not block, and throws nothing.</summary>
    void Publish(Hint hint);

    /// <summary>Hears every hint from now on, until the subscription is disposed. The listener is called by whoever publishes:
    /// it must not block, nor throw.</summary>
    IDisposable Subscribe(Action<Hint> listener);
}

/// <summary>What there may be to look for.</summary>
public abstract record Hint
{
    private Hint()
    {
    }

    /// <summary>The shard has mail.</summary>
    public sealed record MailArrived(ShardId Shard) : Hint;

    /// <summary>A request was decided.</summary>
    public sealed record ReplyDecided(RequestId Request) : Hint;

    /// <summary>An actor of the shard started an activity.</summary>
    public sealed record ActivityStarted(ShardId Shard) : Hint;

    /// <summary>An actor asked an activity to stop.</summary>
    public sealed record CancelRequested : Hint;

    /// <summary>The shard's journal has grown.</summary>
    public sealed record JournalGrew(ShardId Shard) : Hint;

    /// <summary>At a node, by its address, somebody watches the journal: for a while its growth is to be told there.</summary>
    public sealed record JournalWatched(Uri By) : Hint;

    /// <summary>A node joined or left, or shards were released: placement has changed.</summary>
    public sealed record PlacementChanged : Hint;
}
