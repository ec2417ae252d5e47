using System.Text.Json.Nodes;
using Latecomer.Tests.EndToEnd.Harness;

namespace Latecomer.Tests.EndToEnd.Days;

/// <summary>Plays the seed's day by calls of the API, from the week that is loaded to the end of all runs.</summary>
internal sealed class DayByApi(SeedsDay day, Scenario scenario, Func<string, JsonObject, Task<JsonObject>> call)
{
    /// <summary>The pipeline, as the API takes it.</summary>
    public static JsonObject Definition() => new()
    {
        ["name"] = SeedsDay.Pipeline,
        ["schedule"] = "@daily",
        ["start"] = Scenario.Dates[0],
        ["end"] = Scenario.Dates[^1],
        ["inputs"] = new JsonArray(new JsonObject { ["table"] = "devices", ["partitionColumn"] = "event_time" }),
        ["maxActiveRuns"] = 3,
        ["work"] = new JsonObject
        {
            ["taskId"] = SeedsDay.Work,
            ["builtIn"] = new JsonObject { ["name"] = "device_summary", ["output"] = "devices_summary" },
        },
    };

    /// <summary>Plays it.</summary>
    public async Task Play()
    {
        await Apply();
        await LoadLate();
        await ClearAndFollow();
    }

    /// <summary>Applies the pipeline and waits for its first runs.</summary>
    public async Task Apply()
    {
        await call("Pipelines/Apply", new JsonObject { ["pipeline"] = Definition(), ["requestId"] = "apply" });
        var first = await Runs("five runs that succeeded", SeedsDay.FirstRunsSucceeded);
        first.Sum(r => r.Tasks.Count).ShouldBe(35);
        first.Sum(r => r.Tasks.Count(t => t.State == "TASK_STATE_SKIPPED")).ShouldBe(5);
    }

    /// <summary>Loads what comes late, and waits until that is known.</summary>
    public async Task LoadLate()
    {
        await day.Load(SeedsDay.LoadsOnTime);
        await day.Load(SeedsDay.LoadsOnTime + 1);
        await Waiting.For("two late partitions", async () =>
        {
            var late = await call("Partitions/List", new JsonObject { ["pipeline"] = SeedsDay.Pipeline, ["late"] = true });
            return (late["partitions"]?.AsArray() ?? []).Select(p => ((string)p!["logicalDate"]!)[..10]).SequenceEqual(Scenario.LateDates) ? "" : null;
        });
    }

    /// <summary>Clears as the scenario says, and waits for the end of all that follows.</summary>
    public async Task ClearAndFollow()
    {
        (await Clear("dry", dryRun: true)).ShouldBe(scenario.Affected);
        (await Clear("clear", dryRun: false)).ShouldBe(scenario.Affected);
        (await Clear("clear", dryRun: false)).ShouldBe(scenario.Affected, "the same requests again are not applied again");
        await Runs("all runs that succeeded", SeedsDay.AllRunsSucceeded(scenario));
    }

    private async Task<long> Clear(string requestId, bool dryRun)
    {
        var affected = 0L;
        foreach (var cleared in scenario.Clears)
        {
            affected += long.Parse((string)(await call("Runs/Clear", Request(cleared, $"{requestId}-{cleared.Date}", dryRun)))["affectedTaskInstances"]!);
        }

        return affected;
    }

    private Task<IReadOnlyList<RunView>> Runs(string what, Func<IReadOnlyList<RunView>, bool> wanted) => Waiting.For(what, async () =>
    {
        var runs = RunView.All(await call("Runs/List", new JsonObject { ["pipeline"] = SeedsDay.Pipeline }));
        return wanted(runs) ? runs : null;
    });

    private static JsonObject Request(Cleared cleared, string requestId, bool dryRun) => new()
    {
        ["pipeline"] = SeedsDay.Pipeline,
        ["logicalDate"] = cleared.Date,
        ["taskId"] = SeedsDay.Mark,
        ["past"] = cleared.Switches.Contains("--past"),
        ["future"] = cleared.Switches.Contains("--future"),
        ["downstream"] = true,
        ["dryRun"] = dryRun,
        ["requestId"] = requestId,
    };
}
