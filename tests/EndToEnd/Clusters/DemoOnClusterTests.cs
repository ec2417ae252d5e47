using System.Text.RegularExpressions;
using Latecomer.Tests.EndToEnd.Days;
using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.Postgres;

namespace Latecomer.Tests.EndToEnd.Clusters;

/// <summary><c>latecomer demo --cluster</c>.</summary>
public sealed class DemoOnClusterTests : IAsyncLifetime
{
    private const string KillsVariable = "LATECOMER_DEMO_KILLS";
    private const int Usage = 2;
    private const int FolderRefused = 4;
    private const int Interrupted = 130;

    private static readonly TimeSpan LongestWithKills = TimeSpan.FromMinutes(15);
    private static readonly Regex KilledTimes = new("killed \\(SIGKILL\\) (?<times>[0-9]+) times", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10));

    private readonly TemporaryFolder _folder = new();

    private string Data => Path.Combine(_folder.Path, "data");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (LocalProcesses.Record(Data) is not null)
        {
            await Cli.Run("cluster", "down", "--data", Data);
        }

        _folder.Dispose();
    }

    [PostgresProgramsFact]
    public async Task Interrupted_and_resumed_it_ends_as_the_table_says_and_no_process_is_left()
    {
        await using (var demo = ProgramProcess.Interruptible("demo", "--cluster", "--data", Data))
        {
            await demo.Line("the first runs", line => line.StartsWith("The pipeline", StringComparison.Ordinal));
            await demo.Interrupt();
            (await demo.Exit()).ShouldBe(Interrupted, demo.Story());
        }

        await LocalProcesses.ShouldBeGone(Data, LocalProcesses.DatabaseFolder(Data), isRemoved: false);
        (await Cli.Run("demo", "--cluster", "--data", Data)).Succeeded().Output.ShouldContain("resumed");
        await LocalProcesses.ShouldBeGone(Data, LocalProcesses.DatabaseFolder(Data), isRemoved: false);
        (await Cli.Run("demo", "--data", Data)).Refused(FolderRefused, "--cluster");
        await OutcomeShouldBe(Scenario.Clear03);
        (await Cli.Run("demo", "--cluster", "--data", Data)).Refused(FolderRefused, "cluster down");
    }

    [Fact]
    public async Task Only_processes_can_be_killed() =>
        (await Cli.Run("demo", "--kill-every", "3s", "--data", Data)).Refused(Usage, "--cluster");

    public static TheoryData<string> Killed => Environment.GetEnvironmentVariable(KillsVariable) is { Length: > 0 }
        ? new TheoryData<string>(Scenario.All.Select(scenario => scenario.Name))
        : ["clear-past-03"];

    /// <summary>Takes minutes: a node that was killed is replaced when its life has run out, which takes longer than it is to the next kill. So all scenarios
    /// only by wish.</summary>
    [PostgresProgramsTheory]
    [MemberData(nameof(Killed))]
    public async Task While_nodes_are_killed_it_ends_as_the_table_says(string name)
    {
        await using var demo = ProgramProcess.Latecomer(["demo", "--cluster", "--kill-every", "3s", "--scenario", name, "--data", Data]);
        await demo.Output.Closed.WaitAsync(LongestWithKills);
        (await demo.Exit()).ShouldBe(0, demo.Story());
        int.Parse(KilledTimes.Match(demo.Output.Text).Groups["times"].ValueSpan).ShouldBeGreaterThanOrEqualTo(3, demo.Story());
        await LocalProcesses.ShouldBeGone(Data, LocalProcesses.DatabaseFolder(Data), isRemoved: false);
        await OutcomeShouldBe(Scenario.Named(name));
    }

    /// <summary>Holds it against the table by a node more; the cluster is gone then.</summary>
    private async Task OutcomeShouldBe(Scenario scenario)
    {
        var up = (await Cli.Run("cluster", "up", "-o", "json", "--data", Data)).Succeeded().Json;
        await using (var another = await NodeProcess.Join(Data, (string)up["store"]!, "another"))
        {
            await another.Ready();
            await Outcome.ShouldBe(Data, scenario, another);
            await another.Stop();
        }

        (await Cli.Run("cluster", "down", "--data", Data)).Succeeded();
    }
}
