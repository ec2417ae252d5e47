using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.EndToEnd.Tables;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.EndToEnd;

/// <summary>A pipeline that shares nothing with the demo's: another table and column, hours for dates, a command of the user's for work.</summary>
public sealed class HourlyPipelineTests : IDisposable
{
    private const string Pipeline = "clicks_by_hour";
    private static readonly string PipelineFile = BuiltProgram.FileOfCheckout("examples", "clicks_by_hour.yaml");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Hours_run_and_late_hours_are_backfilled_once()
    {
        foreach (var hour in Enumerable.Range(0, 5))
        {
            await Click(hour);
        }

        await using var node = await NodeProcess.Start(_folder.Path, nodes: 2);
        (await node.Cli("pipelines", "apply", PipelineFile)).Succeeded();
        await node.Runs(Pipeline, "four runs that succeeded", runs => runs.Count == 4 && runs.All(r => r.HasSucceeded));
        Hours().ShouldBe([0, 1, 2, 3]);

        await Click(1);
        await Waiting.For("a late hour", async () => (await node.Cli("partitions", "list", Pipeline, "--late")).Succeeded().Output.Contains(Date(1)) ? "" : null);
        (await node.Cli("runs", "clear", Pipeline, Date(2), "--task", "mark_partition_as_processing", "--downstream", "--yes")).Succeeded().Output.ShouldStartWith("7 task instances");
        var runs = await node.Runs(Pipeline, "the backfill and the cleared run", all => all.Count == 5 && all.All(r => r.HasSucceeded) && Hours().Length == 6);

        Hours().ShouldBe([0, 1, 1, 2, 2, 3]);
        runs.Single(r => r.Kind == "RUN_KIND_BACKFILL").Id.ShouldStartWith($"backfill_{Date(1)}_from_{Date(2)}_");
        (await File.ReadAllTextAsync(Path.Combine(_folder.Path, "dataset", "clicks_backfills", $"backfilling_configuration_{Date(2)}.json"))).Trim()
            .ShouldBe("""{"partitions":["hour=2024-03-01-01"]}""");
        (await node.Cli("partitions", "list", Pipeline, "--late")).Succeeded().Output.ShouldNotContain("2024");
    }

    private static string Date(int hour) => $"2024-03-01T{hour:D2}:00:00Z";

    /// <summary>The hours that the command noted, one line for each time that it ran.</summary>
    private int[] Hours()
    {
        var file = Path.Combine(_folder.Path, "dataset", "hours.txt");
        return File.Exists(file) ? [.. File.ReadAllLines(file).Select(line => int.Parse(line["2024-03-01T".Length..][..2])).Order()] : [];
    }

    private Task Click(int hour) =>
        new SmallTable(Path.Combine(_folder.Path, "dataset", "web", "clicks"), "hour").Append($"2024-03-01-{hour:D2}");
}
