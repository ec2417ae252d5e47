using Latecomer.Contracts;

namespace Latecomer.Actors;

/// <summary>Runs a pipeline's work on what a run has pinned.</summary>
/// <param name="Definition">The pipeline.</param>
/// <param name="Date">The run's date.</param>
/// <param name="Run">The run.</param>
/// <param name="Try">The TryNumber.</param>
/// <param name="Pin">What it processes.</param>
/// <param name="HoldNumber">The number of the hold: what it writes carries it, and a lower one is refused.</param>
/// <param name="IdempotencyKey">The same for every try under the hold.</param>
public sealed record RunWork(
    PipelineDefinition Definition, LogicalDate Date, RunId Run, int Try, Pin Pin, long HoldNumber, string IdempotencyKey)
{
    /// <summary>The activity's kind.</summary>
    public const string Kind = "run_work";
}

/// <summary>What the work has to say.</summary>
/// <param name="Note">A sentence for people; null if it says nothing.</param>
public sealed record WorkReport(string? Note);
