namespace Latecomer.Runtime;

/// <summary>What came of a request.</summary>
public abstract record RequestOutcome
{
    private RequestOutcome()
    {
    }

    /// <summary>It was decided; asking again gives the same.</summary>
    public sealed record Replied(StoredReply Reply) : RequestOutcome;

    /// <summary>Its id was used for something else: nothing was done.</summary>
    public sealed record Mismatch : RequestOutcome;

    /// <summary>This edge waits for too many requests already, or too much waits in the cluster: nothing was done, ask later.</summary>
    public sealed record Overloaded : RequestOutcome;
}
