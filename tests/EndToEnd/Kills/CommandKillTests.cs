using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.EndToEnd.Tables;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.EndToEnd.Kills;

/// <summary>A node that is killed (<c>SIGKILL</c>) while a user's command runs: the command goes on, and the next process finds it again.</summary>
public sealed class CommandKillTests : IDisposable
{
    private const string Pipeline = "orders";

    private const string Definition = """
        name: orders
        schedule: "@daily"
        start: 2026-01-01
        end: 2026-01-02
        inputs: [{table: orders, partitionColumn: order_date}]
        work: {task: process_orders, command: [sh, -c, 'echo "$1" >> begun.txt; read line < gate; echo "$1" >> ended.txt', sh, "{date}"]}
        maxActiveRuns: 1
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Dataset => Directory.CreateDirectory(Path.Combine(_folder.Path, "data", "dataset")).FullName;

    [Fact]
    public async Task A_command_that_outlives_its_node_runs_once()
    {
        await Prepare();
        var node = await NodeProcess.Start(Path.Combine(_folder.Path, "data"));
        try
        {
            (await node.Cli("pipelines", "apply", Path.Combine(_folder.Path, "orders.yaml"))).Succeeded();
            foreach (var days in new[] { 1, 2 })
            {
                await Waiting.Until($"the command of day {days}", () => Lines("begun.txt").Length == days, node.Process.Story);
                await node.Process.Kill();
                await node.DisposeAsync();
                node = await NodeProcess.Start(Path.Combine(_folder.Path, "data"));
                await OpenGate();
                await node.Runs(Pipeline, $"{days} runs that succeeded", runs => runs.Count(r => r.HasSucceeded) == days);
            }
        }
        finally
        {
            await node.DisposeAsync();
        }

        Lines("begun.txt").ShouldBe(["2026-01-01", "2026-01-02"]);
        Lines("ended.txt").ShouldBe(["2026-01-01", "2026-01-02"]);
    }

    private async Task Prepare()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "orders.yaml"), Definition);
        var orders = new SmallTable(Path.Combine(Dataset, "orders"), "order_date");
        foreach (var day in new[] { "2026-01-01", "2026-01-02", "2026-01-03" })
        {
            await orders.Append(day);
        }

        (await Cli.RunProgram("mkfifo", new Surroundings(), Path.Combine(Dataset, "gate"))).Succeeded();
    }

    /// <summary>Lets the command that waits at the gate go on; returns when it has read.</summary>
    private Task OpenGate() => Waiting.Within("the command at the gate", File.WriteAllTextAsync(Path.Combine(Dataset, "gate"), "on\n"));

    private string[] Lines(string file)
    {
        var path = Path.Combine(Dataset, file);
        return File.Exists(path) ? File.ReadAllLines(path) : [];
    }
}
