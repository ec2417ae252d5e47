namespace Latecomer.Runtime;

/// <summary>Names an activity: the actor that started it and its id there.</summary>
public readonly record struct ActivityKey(ActorId Actor, string Id)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Actor}#{Id}";
}

/// <summary>An activity given to a worker.</summary>
/// <param name="Key">Which.</param>
/// <param name="Shard">Its actor's shard.</param>
/// <param name="Kind">Which handler runs it.</param>
/// <param name="Input">What it was given.</param>
/// <param name="Attempt">1, and one more after each worker that was lost with it. Only the last one's end is accepted.</param>
/// <param name="CancelRequested">It is to stop; one that never ran ends as cancelled at once.</param>
public sealed record ActivityAssignment(ActivityKey Key, ShardId Shard, string Kind, byte[] Input, int Attempt, bool CancelRequested);

/// <summary>How an activity ended.</summary>
public enum ActivityOutcome
{
    /// <summary>It did its work.</summary>
    Completed,

    /// <summary>It did not; another try is its actor's decision.</summary>
    Failed,

    /// <summary>It was asked to stop, and its work is confirmed to have ended.</summary>
    Cancelled,
}

/// <summary>The end of an activity, as its actor is told, once.</summary>
/// <param name="Id">Its id within the actor.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Attempt">The attempt that ended.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Output">What it gave, UTF-8 JSON; null unless it completed.</param>
/// <param name="Error">What went wrong, for people; null unless it failed.</param>
public sealed record ActivityEnded(string Id, string Kind, int Attempt, ActivityOutcome Outcome, byte[]? Output, string? Error)
{
    /// <summary>What it gave.</summary>
    public T OutputAs<T>() => DurableJson.Read<T>(Output ?? throw new InvalidOperationException($"Activity {Id} has no output: it ended as {Outcome}."));
}
