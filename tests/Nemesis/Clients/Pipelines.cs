using System.Text.Json.Nodes;
using Latecomer.Contracts;

namespace Latecomer.Tests.Nemesis;

/// <summary>The pipelines of a run: both read the table that clients load; one writes a table, the other leaves its steps in a file.</summary>
internal static class Pipelines
{
    public const string Summary = "summary";
    public const string Stamps = "stamps";

    /// <summary>Where the commands of <see cref="Stamps"/> write when they begin and end, within the dataset.</summary>
    public const string StampsFile = "stamps.log";

    private const string Stamp = """
        echo "begin $1 $2 $3 $$ $(date +%s%N)" >> stamps.log; sleep 0.2; echo "end $1 $2 $3 $$ $(date +%s%N)" >> stamps.log
        """;

    public static readonly IReadOnlyList<string> Names = [Summary, Stamps];

    /// <summary>The dates of both.</summary>
    public static readonly IReadOnlyList<string> Dates = ["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04", "2024-01-05"];

    /// <summary>The day after the last, which its sensor waits for.</summary>
    public const string DayAfter = "2024-01-06";

    public static readonly TablePath Input = TablePath.Parse("devices");

    public static readonly TablePath Output = TablePath.Parse("devices_summary");

    public static IReadOnlyList<string> TasksOf(string pipeline) => [.. Tasks.All.Select(task => Tasks.IdOf(task, WorkOf(pipeline)))];

    public static JsonObject Definition(string pipeline) => new()
    {
        ["name"] = pipeline,
        ["schedule"] = "@daily",
        ["start"] = Dates[0],
        ["end"] = Dates[^1],
        ["inputs"] = new JsonArray(new JsonObject { ["table"] = Input.Value, ["partitionColumn"] = DeviceLoads.PartitionColumn }),
        ["maxActiveRuns"] = 3,
        ["maxActiveBackfills"] = 2,
        ["retries"] = 10,
        ["retryDelay"] = "0.5s",
        ["configurationFolder"] = $"{pipeline}-files",
        ["work"] = pipeline == Summary
            ? new JsonObject { ["taskId"] = WorkTask(pipeline), ["builtIn"] = new JsonObject { ["name"] = "device_summary", ["output"] = Output.Value } }
            : new JsonObject
            {
                ["taskId"] = WorkTask(pipeline),
                ["command"] = new JsonObject { ["program"] = "sh", ["arguments"] = new JsonArray("-c", Stamp, "sh", "{date}", "{hold}", "{try}") },
            },
    };

    private static string WorkTask(string pipeline) => $"do_{pipeline}";

    private static Work WorkOf(string pipeline) => new Work.BuiltIn(WorkTask(pipeline), "", Output);
}
