namespace Latecomer.Runtime;

/// <summary>Where an edge offers a request to who owns its actor: taken up there, it does not lie in a mailbox first, and it becomes durable together with what its
/// turn does. An offer promises nothing. Whoever hears no reply submits the request to the store, which knows it if the offer came through after all.</summary>
public interface IRequestIntake
{
    /// <summary>Offers a request, and waits for what becomes of it.</summary>
    ValueTask<OfferOutcome> Offer(NewRequest request, CancellationToken cancellation);
}

/// <summary>What became of a request that was offered.</summary>
public abstract record OfferOutcome
{
    private OfferOutcome()
    {
    }

    /// <summary>It is durable, and so is what its turn did.</summary>
    /// <param name="Reply">What that turn replied; null if another will.</param>
    public sealed record TakenUp(StoredReply? Reply) : OfferOutcome;

    /// <summary>Nobody here owns its actor, or not now, or nobody knows what became of it. It is to be submitted to the store.</summary>
    public sealed record Declined : OfferOutcome
    {
        /// <summary>The one.</summary>
        public static Declined Instance { get; } = new();
    }
}
