using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Actors;

/// <summary>The creations that runs of something else asked for.</summary>
/// <param name="Steps">The number of the last one.</param>
/// <param name="Known">The last of each run, the oldest first.</param>
public sealed record ExternalCreations(long Steps, ImmutableList<ExternalCreation> Known)
{
    /// <summary>Of how many runs of a date the last creation is remembered.</summary>
    public const int MostKnown = 8;

    /// <summary>Nobody has asked.</summary>
    public static ExternalCreations None { get; } = new(0, []);

    /// <summary>The last creation of a run; null if none is known.</summary>
    public ExternalCreation? Find(RunId run) => Known.Find(c => c.Run == run);

    /// <summary>With a creation that begins. What is forgotten for it has ended.</summary>
    public ExternalCreations Begin(RunId run, int number, RequestId request, DateTimeOffset at)
    {
        var others = Known.RemoveAll(c => c.Run == run);
        var forgotten = others.Count < MostKnown ? null : others.Find(c => !c.IsOpen);
        return new ExternalCreations(
            Steps + 1, (forgotten is null ? others : others.Remove(forgotten)).Add(new ExternalCreation(run, number, Steps + 1, at, [request], Claimed: null)));
    }

    /// <summary>With the creation of a run changed.</summary>
    public ExternalCreations With(RunId run, Func<ExternalCreation, ExternalCreation> change)
    {
        var at = Known.FindIndex(c => c.Run == run);
        return this with { Known = Known.SetItem(at, change(Known[at])) };
    }
}

/// <summary>A creation that a run of something else asked for.</summary>
/// <param name="Run">The run.</param>
/// <param name="Try">Its try, by the caller's count.</param>
/// <param name="Step">What the backfill singleton was asked by.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="Asking">Who waits to be told what was claimed; nobody once it has ended.</param>
/// <param name="Claimed">What it claimed; null if it has not ended, or has failed.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Failure">Why it failed.</param>
public sealed record ExternalCreation(
    RunId Run, int Try, long Step, DateTimeOffset StartedAt, ImmutableArray<RequestId> Asking, ClaimedPartitions? Claimed, DateTimeOffset? EndedAt = null, string? Failure = null)
{
    /// <summary>Whether it is under way.</summary>
    [JsonIgnore]
    public bool IsOpen => !Asking.IsEmpty;
}
