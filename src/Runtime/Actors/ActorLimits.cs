namespace Latecomer.Runtime;

/// <summary>Bounds that the runtime asserts, so that a fault shows itself before it fills a disk.</summary>
public static class ActorLimits
{
    /// <summary>The size of a serialised state, bytes. History belongs into projections.</summary>
    public const int StateBytes = 64 * 1024;

    /// <summary>The size of one serialised message or entry, bytes.</summary>
    public const int MessageBytes = 256 * 1024;

    /// <summary>Messages that one turn may send; larger fan-outs are paged by the actor.</summary>
    public const int SendsPerTurn = 1024;

    /// <summary>How often a message's turn is tried before it becomes a dead letter.</summary>
    public const int Attempts = 5;
}
