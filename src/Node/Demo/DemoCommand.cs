using System.CommandLine;
using Latecomer.Node.Cli;
using Latecomer.Node.Hosting;
using Latecomer.Node.Http;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace Latecomer.Node.Demo;

/// <summary><c>latecomer demo</c>: the seed's day on real tables and real nodes, in one process.</summary>
internal static class DemoCommand
{
    private const string DefaultData = "./latecomer-data";
    private static readonly Uri AnyPort = new("http://127.0.0.1:0");

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "The data folder of the demo.", HelpName = "folder", DefaultValueFactory = _ => DefaultData };
        var scenario = new Option<string>("--scenario")
        {
            Description = "What is cleared after the late data has come.",
            HelpName = string.Join('|', Scenario.All.Select(s => s.Name)),
            DefaultValueFactory = _ => Scenario.All[0].Name,
        };
        var nodes = NodeCommand.NodesOption(3);
        var command = new Command("demo", "Plays the arrival of late data and its backfill, and checks the outcome.") { data, scenario, nodes };
        command.SetAction((parsed, cancellation) =>
            Run(parsed.GetValue(data)!, Scenario.Named(parsed.GetValue(scenario)!), parsed.GetValue(nodes), cancellation));
        return command;
    }

    private static async Task<int> Run(string data, Scenario scenario, int nodes, CancellationToken cancellation)
    {
        var path = Path.Combine(data, "state", "demo.json");
        var known = DemoProgress.Read(path);
        if (known is not null && known.Scenario != scenario.Name)
        {
            throw new Refusal(ExitCode.FolderRefused, $"{data} holds the demo of {known.Scenario}: add --scenario {known.Scenario}, or name another folder with --data.");
        }

        var console = Printer.Terminal(Console.Out);
        console.MarkupLine($"[bold]latecomer demo[/] {scenario.Name}, {nodes} nodes, data in {Markup.Escape(data)}{(known?.Nodes is null ? known is null ? "" : ", resumed" : ", played before")}");
        using var logging = StandardErrorLog.Create(LogLevel.Critical);
        await using var host = await NodeHost.Start(new HostOptions { Data = data, Listen = AnyPort, Nodes = nodes }, logging, cancellation);
        await host.Serve(cancellation);
        using var api = new ApiClient(host.Address);
        var client = new DemoClient(api);
        if (known is null && await client.HasPipelines(cancellation))
        {
            throw new Refusal(ExitCode.FolderRefused, $"{data} holds somebody's pipelines, not a demo: name another folder with --data.");
        }

        var file = new DemoProgressFile(path, known ?? new DemoProgress { Scenario = scenario.Name });
        file.Update(p => p with { Resumed = p.Resumed || (known is not null && p.Nodes is null) });
        var outcome = await Play(new DemoPlayer(client, new DemoTables(host.Dataset), scenario, file, console), host, cancellation);
        var report = new DemoReport(console, scenario, file.Progress, outcome);
        report.Print(data);
        return report.Verdict() ? ExitCode.Ok : ExitCode.Differs;
    }

    /// <summary>Plays until the end, or until the store cannot be used: a node waits for better days, a demo does not.</summary>
    private static async Task<DemoOutcome> Play(DemoPlayer player, NodeHost host, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var play = player.Play(stop.Token);
        if (await Task.WhenAny(play, host.StoreFailed) == play)
        {
            return await play;
        }

        await stop.CancelAsync();
        await ((Task)play).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        throw new Refusal(ExitCode.Failed, $"{await host.StoreFailed} Run the demo again to go on.");
    }
}
