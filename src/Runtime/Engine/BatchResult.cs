namespace Latecomer.Runtime;

/// <summary>What came of <see cref="ShardProcessor.RunBatch"/>.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Turns">Turns that are durable by it.</param>
/// <param name="More">There is known to be more to do at once.</param>
/// <param name="NextTimer">The earliest time for which the batch set a timer; null if it set none.</param>
public readonly record struct BatchResult(BatchOutcome Outcome, int Turns = 0, bool More = false, DateTimeOffset? NextTimer = null);

/// <summary>How a batch ended.</summary>
public enum BatchOutcome
{
    /// <summary>There was nothing to do.</summary>
    Idle,

    /// <summary>Something was made durable, or at least got closer to it.</summary>
    Progressed,

    /// <summary>The shard is somebody else's: drop its processor.</summary>
    LeaseLost,

    /// <summary>The store was not as memory had it: drop the processor and acquire the lease anew.</summary>
    Stale,

    /// <summary>The processor was closed before.</summary>
    Closed,
}
