using System.Text.Json.Nodes;
using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.EndToEnd.Tables;

namespace Latecomer.Tests.EndToEnd.Days;

/// <summary>Holds what lies in a data folder, and what a node tells of it, against the design's table.</summary>
internal static class Outcome
{
    /// <summary>Everything: files, logs, runs.</summary>
    public static async Task ShouldBe(string data, Scenario scenario)
    {
        await using var node = await NodeProcess.Start(data);
        await ShouldBe(data, scenario, node);
    }

    /// <summary>Everything, by a node that serves the folder.</summary>
    public static async Task ShouldBe(string data, Scenario scenario, NodeProcess node)
    {
        var runs = await node.Api.Runs(SeedsDay.Pipeline);
        RunsShouldBe(runs, scenario);
        LogsShouldBe(new SeedsDay(data), scenario, runs);
        FilesShouldBe(new SeedsDay(data), scenario);
        await NothingShouldBeLate(node, scenario);
        (await node.Api.Ready()).Status.ShouldBe(System.Net.HttpStatusCode.OK);
    }

    /// <summary>The configuration files: those of the scheduled dates, with what they collected, and no others.</summary>
    public static void FilesShouldBe(SeedsDay day, Scenario scenario)
    {
        Directory.GetFiles(day.Dataset).Select(Path.GetFileName).Order()
            .ShouldBe(Scenario.Dates.Select(date => $"backfilling_configuration_{date}.json"));
        foreach (var (date, dates) in scenario.Files)
        {
            var text = File.ReadAllText(Path.Combine(day.Dataset, $"backfilling_configuration_{date}.json"));
            text.Trim().ShouldBe(new JsonObject { ["partitions"] = new JsonArray([.. dates.Select(d => (JsonNode)$"event_time={d}")]) }.ToJsonString(), $"the file of {date}");
        }
    }

    /// <summary>The runs: each date's scheduled one, cleared or not, and the backfills.</summary>
    public static void RunsShouldBe(IReadOnlyList<RunView> runs, Scenario scenario)
    {
        var story = string.Join('\n', runs);
        runs.ShouldAllBe(run => run.HasSucceeded, story);
        runs.Where(r => r.Kind == "RUN_KIND_SCHEDULED").Select(r => r.Date[..10]).ShouldBe(Scenario.Dates, story);
        runs.Where(r => r.Kind != "RUN_KIND_SCHEDULED").Select(r => (r.Kind, r.Date[..10])).Order()
            .ShouldBe(scenario.Backfills.Select(b => ("RUN_KIND_BACKFILL", b.Date)).Order(), story);
        foreach (var (date, from) in scenario.Backfills)
        {
            runs.Single(r => r.Kind == "RUN_KIND_BACKFILL" && r.Date.StartsWith(date, StringComparison.Ordinal)).Id.ShouldStartWith($"backfill_{date}_from_{from}");
        }

        foreach (var run in runs)
        {
            var cleared = run.Kind == "RUN_KIND_SCHEDULED" && scenario.ClearedDates.Contains(run.Date[..10]);
            TasksShouldBe(run, cleared, triggers: cleared && scenario.Files[run.Date[..10]].Length > 0);
            var pin = cleared || run.Kind == "RUN_KIND_BACKFILL" ? SeedsDay.Loads.Count - 1 : SeedsDay.LoadsOnTime - 1;
            run.Json["pin"]!.AsArray().Single()!["version"]!.ToString().ShouldBe($"{pin}", story);
        }
    }

    private static void TasksShouldBe(RunView run, bool cleared, bool triggers)
    {
        run.Tasks.Select(t => t.Id).ShouldBe(SeedsDay.Tasks, $"{run}");
        foreach (var task in run.Tasks)
        {
            task.State.ShouldBe(task.Id == SeedsDay.Tasks[^1] && !triggers ? "TASK_STATE_SKIPPED" : "TASK_STATE_SUCCESS", $"{run}");
            task.Try.ShouldBe(cleared ? 2 : 1, $"{run}");
        }
    }

    /// <summary>The logs: each load once, and one data commit per run that succeeded, with its run id and hold.</summary>
    private static void LogsShouldBe(SeedsDay day, Scenario scenario, IReadOnlyList<RunView> runs)
    {
        LoadsShouldBe(day);
        var commits = new TableLog(day.Summary).DataCommits;
        commits.Count.ShouldBe(scenario.DataCommits);
        commits.ShouldAllBe(c => c.Partitions.Count == 1);
        commits.ShouldAllBe(c => c.Transactions.Count(t => runs.Any(r => r.Id == t.Application)) == 1, "each commit carries the run that made it");
        foreach (var run in runs)
        {
            var cleared = run.Kind == "RUN_KIND_SCHEDULED" && scenario.ClearedDates.Contains(run.Date[..10]);
            var own = commits.Where(c => c.Transactions.Any(t => t.Application == run.Id)).ToList();
            own.Count.ShouldBe(cleared ? 2 : 1, $"data commits of {run}");
            own.ShouldAllBe(c => c.Partitions[0] == run.Date.Substring(0, 10));
            own[^1].Transactions.ShouldAllBe(t => t.Version == run.Hold, $"the hold number of {run}");
        }
    }

    /// <summary>The log of the devices: versions 0 to 8, each the rows of one load.</summary>
    public static void LoadsShouldBe(SeedsDay day)
    {
        var log = new TableLog(day.Devices);
        log.Versions.ShouldBe(Enumerable.Range(0, SeedsDay.Loads.Count).Select(v => (long)v));
        log.Commits.Select(c => c.Partitions.Single()).ShouldBe(SeedsDay.Loads);
    }

    private static async Task NothingShouldBeLate(NodeProcess node, Scenario scenario)
    {
        var late = await node.Api.Call("Partitions/List", new JsonObject { ["pipeline"] = SeedsDay.Pipeline, ["late"] = true });
        var expected = Scenario.LateDates.Except(scenario.ClearedDates).Except(scenario.Backfills.Select(b => b.Date));
        (late["partitions"]?.AsArray() ?? []).Select(p => ((string)p!["logicalDate"]!)[..10]).ShouldBe(expected);
    }
}
