using System.Text.Json.Nodes;
using Latecomer.Tests.EndToEnd.Days;
using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.EndToEnd.Tables;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.EndToEnd.BadInput;

/// <summary>A log that breaks while it is followed.</summary>
public sealed class BrokenLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_commit_that_breaks_stops_its_tables_watcher_which_says_so_and_no_other()
    {
        await using var node = await NodeProcess.Start(_folder.Path);
        var day = new SeedsDay(_folder.Path);
        await day.Load(0);
        await day.Load(1);
        await LoadOther("2024-01-01");
        await LoadOther("2024-01-02");
        (await node.Cli("pipelines", "apply", Pipeline("first", "devices", "first_files"))).Succeeded();
        (await node.Cli("pipelines", "apply", Pipeline("second", "others", "second_files"))).Succeeded();
        await node.Runs("first", "the first date", HasDone("2024-01-01"));
        await node.Runs("second", "the first date", HasDone("2024-01-01"));

        File.WriteAllText(new TableLog(day.Devices).FileOf(2), "{\"add\":{\"path\":");
        var problem = await Waiting.For("the problem in the list of tables", async () => Problem(await Tables(node), "devices"));

        problem.ShouldContain("00000000000000000002.json");
        (await node.Cli("tables", "list")).Succeeded().Output.ShouldContain("00000000000000000002.json");
        await LoadOther("2024-01-03");
        await node.Runs("second", "the second date", HasDone("2024-01-02"));
        (await node.Api.Runs("first")).ShouldAllBe(run => run.Date.StartsWith("2024-01-01", StringComparison.Ordinal) || !run.HasSucceeded);
        Problem(await Tables(node), "others").ShouldBeNull();
        await node.Stop();
    }

    private static Func<IReadOnlyList<RunView>, bool> HasDone(string date) =>
        runs => runs.Any(r => r.Date.StartsWith(date, StringComparison.Ordinal) && r.HasSucceeded);

    private static string? Problem(JsonObject tables, string table) =>
        (string?)tables["tables"]!.AsArray().Single(t => (string)t!["table"]! == table)!["problem"] is { Length: > 0 } problem ? problem : null;

    private static Task<JsonObject> Tables(NodeProcess node) => node.Api.Call("Tables/List", []);

    private async Task LoadOther(string date) => (await Cli.Run("devices", "load", Path.Combine(_folder.Path, "dataset", "others"), date)).Succeeded();

    private string Pipeline(string name, string table, string files)
    {
        var file = Path.Combine(_folder.Path, "dataset", $"{name}.yaml");
        File.WriteAllText(file, $$"""
            name: {{name}}
            schedule: "@daily"
            start: 2024-01-01
            inputs:
              - table: {{table}}
                partitionColumn: event_time
            work:
              task: nothing
              command: ["true"]
            configurationFolder: {{files}}
            """);
        return file;
    }
}
