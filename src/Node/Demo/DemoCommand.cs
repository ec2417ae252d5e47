using System.CommandLine;
using System.Globalization;
using Latecomer.Node.Cli;
using Latecomer.Node.Hosting;
using Latecomer.Node.Pipelines;
using Spectre.Console;

namespace Latecomer.Node.Demo;

/// <summary><c>latecomer demo</c>: the seed's day on real tables and real nodes, in one process or on a cluster of processes.</summary>
internal static class DemoCommand
{
    private const string DefaultData = "./latecomer-data";
    private const string DefaultClusterData = "./latecomer-cluster";
    private const int DefaultNodes = 3;

    private static readonly TimeSpan LeastKillEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MostKillEvery = TimeSpan.FromSeconds(30);

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var data = new Option<string?>("--data") { Description = $"The data folder of the demo. [default: {DefaultData}; with --cluster, {DefaultClusterData}/SCENARIO]", HelpName = "folder" };
        var scenario = new Option<string>("--scenario")
        {
            Description = "What is cleared after the late data has come.",
            HelpName = string.Join('|', Scenario.All.Select(s => s.Name)),
            DefaultValueFactory = _ => Scenario.All[0].Name,
        };
        var nodes = Options.Number("--nodes", "How many nodes share the work.", DefaultNodes, 1, HostOptions.MostNodes);
        var cluster = new Option<bool>("--cluster") { Description = "Plays on a cluster: nodes that are processes of their own, on a PostgreSQL that is started for it." };
        var killEvery = KillEveryOption();
        var command = new Command("demo", "Plays the arrival of late data and its backfill, and checks the outcome.") { data, scenario, nodes, cluster, killEvery };
        command.SetAction((parsed, cancellation) => Run(
            new DemoOptions(
                Scenario.Named(parsed.GetValue(scenario)!), parsed.GetValue(nodes), parsed.GetValue(cluster), parsed.GetValue(killEvery), parsed.GetValue(data) ?? DefaultFolder(parsed.GetValue(cluster), parsed.GetValue(scenario)!)),
            Terminals.Of(Console.Out, Terminals.HasColours(parsed)),
            cancellation));
        command.Validators.Add(result =>
        {
            if (result.GetValue(killEvery) is not null && !result.GetValue(cluster))
            {
                result.AddError("--kill-every kills processes of a cluster: add --cluster.");
            }
        });
        return command;
    }

    private static string DefaultFolder(bool onCluster, string scenario) => onCluster ? $"{DefaultClusterData}/{scenario}" : DefaultData;

    private static Option<TimeSpan?> KillEveryOption() => new("--kill-every")
    {
        Description = "Kills one of the cluster's nodes so often (SIGKILL), and starts it again; each work takes half as long then.",
        HelpName = "time",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (Seconds(text) is { } every && every >= LeastKillEvery && every <= MostKillEvery)
            {
                return every;
            }

            result.AddError($"--kill-every is a time from {LeastKillEvery.TotalSeconds:0}s to {MostKillEvery.TotalSeconds:0}s, not '{text}'.");
            return null;
        },
    };

    private static TimeSpan? Seconds(string text)
    {
        try
        {
            return ScheduleText.ParseLength(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static async Task<int> Run(DemoOptions options, IAnsiConsole console, CancellationToken cancellation)
    {
        var (scenario, data) = (options.Scenario, options.Data);
        var path = Path.Combine(data, "state", "demo.json");
        var known = DemoProgress.Read(path);
        options.RefuseOther(known);
        console.MarkupLine($"[bold]latecomer demo[/] {scenario.Name}, {options.NodesInWords}, data in {Markup.Escape(data)}{(known?.Nodes is null ? known is null ? "" : ", resumed" : ", played before")}");
        var file = new DemoProgressFile(path, known ?? new DemoProgress { Scenario = scenario.Name, OnCluster = options.OnCluster });
        await using var stage = await Stage(options, file, console, cancellation);
        var client = new DemoClient(stage.Api);
        if (known is null && await client.HasPipelines(cancellation))
        {
            throw new Refusal(ExitCode.FolderRefused, $"{data} holds somebody's pipelines, not a demo: name another folder with --data.");
        }

        file.Update(p => p with { Resumed = p.Resumed || (known is not null && p.Nodes is null) });
        var outcome = await Play(new DemoPlayer(stage, client, new DemoTables(stage.Dataset), scenario, file, console), stage, cancellation);
        var report = new DemoReport(console, scenario, file.Progress, outcome);
        report.Print(data);
        return report.Verdict() ? ExitCode.Ok : ExitCode.Differs;
    }

    private static async Task<IDemoStage> Stage(DemoOptions options, DemoProgressFile file, IAnsiConsole console, CancellationToken cancellation)
    {
        if (!options.OnCluster)
        {
            return await EmbeddedStage.Start(options.Data, options.Nodes, cancellation);
        }

        // What was played to its end is only told.
        var killEvery = file.Progress.Nodes is null ? options.KillEvery : null;
        return await ClusterStage.Start(options.Data, options.Nodes, killEvery, Killed, cancellation);

        void Killed(string node, DemoPhase phase)
        {
            file.Update(p => p with { Kills = [.. p.Kills, new DemoProgress.NodeKill(node, phase)] });

            // On a terminal it would write over the grid.
            if (!console.Profile.Out.IsTerminal)
            {
                console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {node} killed, and started again"));
            }
        }
    }

    /// <summary>Plays until the end, or until the store cannot be used: a node waits for better days, a demo does not.</summary>
    private static async Task<DemoOutcome> Play(DemoPlayer player, IDemoStage stage, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var play = player.Play(stop.Token);
        if (await Task.WhenAny(play, stage.StoreFailed) == play)
        {
            return await play;
        }

        await stop.CancelAsync();
        await ((Task)play).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        throw new Refusal(ExitCode.Failed, $"{await stage.StoreFailed} Run the demo again to go on.");
    }
}
