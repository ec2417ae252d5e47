using Latecomer.Tests.EndToEnd.Harness;

namespace Latecomer.Tests.EndToEnd.Days;

/// <summary>The seed's day: its tables, pipeline and loads, in a data folder.</summary>
internal sealed class SeedsDay(string data)
{
    public const string Pipeline = "devices_loader";
    public const string Mark = "mark_partition_as_processing";
    public const string Work = "process_devices";
    public const int Rows = 100;

    /// <summary>A week, and then two of its days again.</summary>
    public static readonly IReadOnlyList<string> Loads =
    [
        .. Enumerable.Range(1, 7).Select(day => $"2024-01-{day:D2}"), "2024-01-02", "2024-01-03",
    ];

    /// <summary>How many of the loads are there before the runs.</summary>
    public const int LoadsOnTime = 7;

    public static readonly IReadOnlyList<string> Tasks =
    [
        Mark, "next_partition_sensor", Work, "mark_partition_as_processed", "backfill_creation_job", "generate_backfilling_arguments", "backfill_past_partitions",
    ];

    public static readonly string PipelineFile = BuiltProgram.FileOfCheckout("examples", "devices_loader.yaml");

    public string Dataset => Path.Combine(data, "dataset");

    public string Devices => Path.Combine(Dataset, "devices");

    public string Summary => Path.Combine(Dataset, "devices_summary");

    public string InputFile(int load) => Path.Combine(Dataset, "input", $"load-{load + 1}.jsonl");

    /// <summary>Generates the rows of a load, and appends them, both by the command line.</summary>
    public async Task Load(int load)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(InputFile(load))!);
        (await Cli.Run("devices", "generate", "--rows", $"{Rows}", "--seed", $"{load + 1}", "--output", InputFile(load))).Succeeded();
        (await Cli.Run("devices", "load", Devices, Loads[load], "--input", InputFile(load))).Succeeded();
    }

    /// <summary>Loads all that is there before the runs.</summary>
    public async Task LoadOnTime()
    {
        for (var load = 0; load < LoadsOnTime; load++)
        {
            await Load(load);
        }
    }

    /// <summary>The first runs, once all have succeeded.</summary>
    public static Func<IReadOnlyList<RunView>, bool> FirstRunsSucceeded { get; } =
        runs => runs.Count == Scenario.Dates.Count && runs.All(r => r.HasSucceeded);

    /// <summary>All runs of a scenario, once all have succeeded.</summary>
    public static Func<IReadOnlyList<RunView>, bool> AllRunsSucceeded(Scenario scenario) =>
        runs => runs.Count == Scenario.Dates.Count + scenario.Backfills.Count && runs.All(r => r.HasSucceeded)
            && scenario.ClearedDates.All(date => Scheduled(runs, date).Task(Mark).Try == 2);

    public static RunView Scheduled(IEnumerable<RunView> runs, string date) => runs.Single(r => r.Kind == "RUN_KIND_SCHEDULED" && r.Date.StartsWith(date, StringComparison.Ordinal));
}
