using Latecomer.Tests.EndToEnd.Days;
using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.EndToEnd;

/// <summary>The seed's day played by the command line against a node, without the demo.</summary>
public sealed class DayByCliTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("clear-03")]
    [InlineData("clear-04-05")]
    [InlineData("clear-past-03")]
    public async Task The_day_by_commands_ends_as_the_table_says(string name)
    {
        var scenario = Scenario.Named(name);
        var day = new SeedsDay(_folder.Path);
        await using var node = await NodeProcess.Start(_folder.Path, nodes: 2);
        for (var load = 0; load < SeedsDay.LoadsOnTime; load++)
        {
            await day.Load(load);
        }

        (await node.Cli("pipelines", "apply", SeedsDay.PipelineFile)).Succeeded().Output.ShouldContain(SeedsDay.Pipeline);
        await Runs(node, "five runs that succeeded", SeedsDay.FirstRunsSucceeded);
        await day.Load(SeedsDay.LoadsOnTime);
        await day.Load(SeedsDay.LoadsOnTime + 1);
        await LateDates(node, Scenario.LateDates);

        (await Clear(node, scenario, "--dry-run")).ShouldBe(scenario.Affected);
        (await node.Api.Runs(SeedsDay.Pipeline)).ShouldAllBe(run => run.HasSucceeded && run.Task(SeedsDay.Mark).Try == 1);
        (await Clear(node, scenario)).ShouldBe(scenario.Affected);

        await Runs(node, "all runs that succeeded", SeedsDay.AllRunsSucceeded(scenario));
        await Outcome.ShouldBe(_folder.Path, scenario, node);
        await node.Stop();
    }

    private static async Task<long> Clear(NodeProcess node, Scenario scenario, params string[] switches)
    {
        var affected = 0L;
        foreach (var cleared in scenario.Clears)
        {
            var result = await node.Cli(["runs", "clear", SeedsDay.Pipeline, .. cleared.Arguments, .. switches, "-o", "json"]);
            affected += long.Parse((string)result.Succeeded().Json["affectedTaskInstances"]!);
        }

        return affected;
    }

    private static Task Runs(NodeProcess node, string what, Func<IReadOnlyList<RunView>, bool> wanted) => Waiting.For(
        what,
        async () => wanted(RunView.All((await node.Cli("runs", "list", SeedsDay.Pipeline, "-o", "json")).Succeeded().Json)) ? "" : null,
        () => node.Process.Story());

    private static Task LateDates(NodeProcess node, IReadOnlyList<string> dates) => Waiting.For(
        $"{string.Join(" and ", dates)} to be late",
        async () => (await node.Cli("partitions", "list", SeedsDay.Pipeline, "--late", "-o", "json")).Succeeded().Json["partitions"]!.AsArray()
            .Select(p => ((string)p!["logicalDate"]!)[..10]).SequenceEqual(dates) ? "" : null);
}
