using System.Diagnostics;
using Latecomer.Contracts;

namespace Latecomer.Node.Pipelines;

/// <summary>What a pipeline is where its user says nothing; the same for files and for the API.</summary>
internal static class PipelineDefaults
{
    /// <summary>Runs that hold a slot at a time, as in Airflow.</summary>
    public const int MaxActiveRuns = 16;

    /// <summary>How often a failed task is tried again.</summary>
    public const int Retries = 3;

    /// <summary>The dataset folder itself.</summary>
    public const string ConfigurationFolder = ".";

    /// <summary>How long after a failure.</summary>
    public static readonly TimeSpan RetryDelay = TimeSpan.FromMinutes(1);

    /// <summary>How partitions of a schedule are named.</summary>
    public static string PartitionFormat(Schedule schedule) => schedule switch
    {
        Schedule.Daily => "yyyy-MM-dd",
        Schedule.Hourly => "yyyy-MM-dd-HH",
        _ => throw new UnreachableException(),
    };
}
