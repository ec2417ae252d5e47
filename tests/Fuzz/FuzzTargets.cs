namespace Latecomer.Tests.Fuzz;

/// <summary>The parsers that are fuzzed, by name.</summary>
internal static class FuzzTargets
{
    public static IReadOnlyList<string> Names { get; } = ["log", "checkpoint", "parquet"];

    public static IFuzzTarget Load(string name) => name switch
    {
        "parquet" => new ParquetTarget(ParquetCorpus.Load()),
        "log" => new LogTarget(LogCorpus.Load()),
        "checkpoint" => new CheckpointTarget(LogCorpus.Load()),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such parser"),
    };
}
