namespace Latecomer.Tests.Simulation;

/// <summary>What came of one seed.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Violation">The first violated invariant; null if all held.</param>
/// <param name="Turns">Turns that became durable.</param>
/// <param name="Crashes">Processes that crashed.</param>
/// <param name="Steps">Steps that the scheduler took.</param>
/// <param name="Runs">Runs that there were.</param>
/// <param name="Backfills">How many of them were backfills.</param>
/// <param name="TraceHash">Equal for equal histories.</param>
/// <param name="Counts">How often the rarer things happened.</param>
/// <param name="LastLines">The end of the trace.</param>
internal sealed record SimulationResult(
    ulong Seed, string? Violation, int Turns, int Crashes, int Steps, int Runs, int Backfills, ulong TraceHash,
    IReadOnlyDictionary<string, int> Counts, IReadOnlyList<string> LastLines);
