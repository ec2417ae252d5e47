using System.Text.Json.Nodes;
using Latecomer.Tests.EndToEnd.Days;
using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.EndToEnd.Airflow;

/// <summary>The example of an Airflow DAG, its file executed by a Python that plays Airflow: its calls, in Airflow's order and concurrency, against a node.</summary>
public sealed class AirflowTests : IDisposable
{
    private const string Python = "/usr/bin/python3";

    private static readonly string Dag = BuiltProgram.FileOfCheckout("examples", "airflow", "devices_loader.py");
    private static readonly string Pipeline = BuiltProgram.FileOfCheckout("examples", "airflow", "devices_loader.yaml");
    private static readonly string Player = BuiltProgram.FileOfCheckout("tests", "EndToEnd", "Airflow", "player.py");

    private readonly TemporaryFolder _folder = new();
    private string _token = "";

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("clear-03")]
    [InlineData("clear-04-05")]
    [InlineData("clear-past-03")]
    public async Task The_seeds_day_in_Airflow_ends_as_the_table_says(string name)
    {
        var scenario = Scenario.Named(name);
        var day = new SeedsDay(_folder.Path);
        await day.LoadOnTime();
        await using var node = await NodeProcess.Alone(_folder.Path, "--nodes", "2", "--tokens", "required");
        await MakeToken(node);
        (await Cli.Run(Knowing(node), "pipelines", "apply", Pipeline)).Succeeded();

        var first = await Play(node, "schedule");
        first["works"]!.AsArray().Count.ShouldBe(5);
        await day.Load(SeedsDay.LoadsOnTime);
        await day.Load(SeedsDay.LoadsOnTime + 1);
        await Waiting.For("two late partitions", async () => (await Late(node)).SequenceEqual(Scenario.LateDates) ? "" : null);

        var played = await Play(node, "clear", new JsonArray([.. scenario.Clears.Select(Clear)]).ToJsonString());

        ((int)played["affected"]!).ShouldBe(scenario.Affected);
        var runs = await node.Api.Runs(SeedsDay.Pipeline);
        RunsShouldBe(runs, played, scenario);
        Outcome.FilesShouldBe(day, scenario);
        (await Late(node)).ShouldBe(Scenario.LateDates.Except(scenario.ClearedDates).Except(scenario.Backfills.Select(b => b.Date)));
        played["works"]!.AsArray().Count.ShouldBe(scenario.DataCommits);
        await node.Stop();
    }

    /// <summary>Airflow's runs and ours are the same: each date's scheduled one, and each backfill once, all at the version that they must have seen.</summary>
    private static void RunsShouldBe(IReadOnlyList<RunView> runs, JsonObject played, Scenario scenario)
    {
        var story = string.Join('\n', runs);
        runs.ShouldAllBe(r => r.HasSucceeded && r.Kind == "RUN_KIND_EXTERNAL", story);
        runs.Select(r => r.Id).Order().ShouldBe(played["runs"]!.AsArray().Select(r => (string)r!["id"]!).Order(), story);
        runs.Where(r => r.Id.StartsWith("scheduled", StringComparison.Ordinal)).Select(r => r.Date[..10]).ShouldBe(Scenario.Dates, story);
        var backfills = runs.Where(r => r.Id.StartsWith("backfill", StringComparison.Ordinal)).ToList();
        backfills.Select(r => r.Date[..10]).ShouldBe(scenario.Backfills.Select(b => b.Date), story);
        foreach (var run in runs)
        {
            var cleared = run.Id.StartsWith("scheduled", StringComparison.Ordinal) && scenario.ClearedDates.Contains(run.Date[..10]);
            run.Tasks.Select(t => t.Id).ShouldBe([SeedsDay.Mark, SeedsDay.Work, "mark_partition_as_processed", "backfill_creation_job"], story);
            run.Task(SeedsDay.Mark).Try.ShouldBe(cleared ? 2 : 1, story);
            var pin = cleared || backfills.Contains(run) ? SeedsDay.Loads.Count - 1 : SeedsDay.LoadsOnTime - 1;
            run.Json["pin"]!.AsArray().Single()!["version"]!.ToString().ShouldBe($"{pin}", story);
        }
    }

    /// <summary>Has Airflow, and this, known as an operator.</summary>
    private async Task MakeToken(NodeProcess node)
    {
        var admin = Path.Combine(_folder.Path, "state", "admin.token");
        _token = (await node.Cli("tokens", "create", "airflow", "--role", "operator", "--token-file", admin)).Succeeded().Output.Trim();
        node.Api.Token = _token;
    }

    private Surroundings Knowing(NodeProcess node) =>
        new() { Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["LATECOMER_SERVER"] = node.Server, ["LATECOMER_TOKEN"] = _token } };

    private async Task<JsonObject> Play(NodeProcess node, params string[] arguments)
    {
        return (await Cli.RunProgram(Python, Knowing(node), [Player, Dag, Path.Combine(_folder.Path, "airflow.json"), .. arguments])).Succeeded().Json;
    }

    private static JsonObject Clear(Cleared cleared) => new()
    {
        ["date"] = cleared.Date,
        ["past"] = cleared.Switches.Contains("--past"),
        ["future"] = cleared.Switches.Contains("--future"),
    };

    private static async Task<IEnumerable<string>> Late(NodeProcess node)
    {
        var late = await node.Api.Call("Partitions/List", new JsonObject { ["pipeline"] = SeedsDay.Pipeline, ["late"] = true });
        return [.. (late["partitions"]?.AsArray() ?? []).Select(p => ((string)p!["logicalDate"]!)[..10])];
    }
}
