using System.CommandLine;
using System.Globalization;
using Latecomer.Node.Protocol;
using Spectre.Console;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer cluster show</c>.</summary>
internal static class ShowCommand
{
    private static readonly string[] Columns = ["node", "state", "age", "shards", "turns", "activities", "singletons", "address", "build"];
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(1);

    /// <summary>The command.</summary>
    public static Command Create(ClientOptions client)
    {
        var watch = new Option<bool>("--watch", "-w") { Description = "Goes on every second until interrupted; on a terminal in the same place." };
        return client.Asking(new Command("show", "Shows the nodes, what each did since it started, which serves the singletons, and what waits.") { watch }, async asked =>
        {
            if (!asked.Get(watch))
            {
                Print(asked.Printer, await Ask(asked));
            }
            else if (asked.Printer is { IsTable: true, Terminal: { Profile.Out.IsTerminal: true } terminal })
            {
                await terminal.Live(Picture(await Ask(asked))).StartAsync(live => Repeat(asked, cluster => live.UpdateTarget(Picture(cluster))));
            }
            else
            {
                await Repeat(asked, cluster => Next(asked.Printer, cluster));
            }

            return ExitCode.Ok;
        });
    }

    private static Task<ShowClusterResponse> Ask(Asked asked) => asked.Call<ShowClusterResponse>("Cluster/Show", new ShowClusterRequest());

    private static async Task Repeat(Asked asked, Action<ShowClusterResponse> show)
    {
        show(await Ask(asked));
        while (true)
        {
            await Task.Delay(Often, asked.Cancellation);
            show(await asked.Patiently(() => Ask(asked)));
        }
    }

    private static void Print(Printer printer, ShowClusterResponse cluster)
    {
        printer.Print(cluster, Columns, Rows(cluster));
        printer.Remark(Summary(cluster));
    }

    private static void Next(Printer printer, ShowClusterResponse cluster)
    {
        if (printer.IsDocument)
        {
            printer.Next(cluster, []);
        }
        else
        {
            Print(printer, cluster);
        }
    }

    private static Rows Picture(ShowClusterResponse cluster) => new(Printer.Table(Columns, Rows(cluster)), new Text(Summary(cluster)));

    private static IEnumerable<IReadOnlyList<string>> Rows(ShowClusterResponse cluster) => cluster.Nodes.Select(node => (IReadOnlyList<string>)
    [
        Markup.Escape(node.Name),
        StateOf(node),
        Age(node.Age.ToTimeSpan()),
        $"{node.Shards}",
        node.Answers ? $"{node.Turns}" : "-",
        node.Answers ? $"{node.Activities}" : "-",
        string.Join(",", cluster.Singletons.Where(s => s.Node == node.Name).Select(s => s.Name)),
        Markup.Escape(node.Address),
        Markup.Escape(node.Build),
    ]);

    private static string Summary(ShowClusterResponse cluster) => string.Create(
        CultureInfo.InvariantCulture,
        $"backlog {cluster.Backlog}, busy shards {cluster.BusyShards}, unowned {cluster.UnownedShards}, dead letters {cluster.DeadLetters}, highest epoch {cluster.HighestEpoch}");

    private static string StateOf(ClusterNode node) => node.State switch
    {
        NodeState.Live => node.Answers ? "[green]live[/]" : "[yellow]live, silent[/]",
        NodeState.Draining => "[yellow]draining[/]",
        NodeState.Expired => "[red]expired[/]",
        NodeState.Unspecified => "",
        _ => $"state {(int)node.State}",
    };

    private static string Age(TimeSpan age) => age switch
    {
        { TotalDays: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalDays}d{age.Hours}h"),
        { TotalHours: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{age.Hours}h{age.Minutes}m"),
        { TotalMinutes: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{age.Minutes}m{age.Seconds}s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{age.Seconds}s"),
    };
}
