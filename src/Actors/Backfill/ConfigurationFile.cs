using System.Collections.Immutable;
using Latecomer.Contracts;

namespace Latecomer.Actors;

/// <summary>How the files are named that say what a creation claimed.</summary>
public static class ConfigurationFile
{
    /// <summary>The file of a date, within the pipeline's folder. It is named by the day, or by the full ISO date where a pipeline runs more often.</summary>
    public static string NameOf(PipelineDefinition definition, LogicalDate date) =>
        $"backfilling_configuration_{definition.Schedule.NameOf(date)}.json";

    /// <summary>The file of a date, relative to the dataset folder.</summary>
    public static string PathOf(PipelineDefinition definition, LogicalDate date) =>
        definition.ConfigurationFolder == "." ? NameOf(definition, date) : $"{definition.ConfigurationFolder}/{NameOf(definition, date)}";
}

/// <summary>Writes a configuration file: whole or not at all, over an older one. Its output is empty.</summary>
/// <param name="Folder">The pipeline's folder, relative to the dataset folder.</param>
/// <param name="File">The file's name.</param>
/// <param name="Partitions">What was claimed, in order of date: <c>event_time=2024-01-02</c>.</param>
public sealed record WriteConfiguration(string Folder, string File, ImmutableArray<string> Partitions)
{
    /// <summary>The activity's kind.</summary>
    public const string Kind = "write_configuration";
}
