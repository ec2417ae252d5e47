using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Latecomer.Node.Protocol;
using Spectre.Console;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer cluster show</c> and <c>leave</c>: what any node can be asked about all.</summary>
internal static class ClusterNodeCommands
{
    private static readonly string[] Columns = ["node", "state", "age", "shards", "turns", "activities", "singletons", "address", "build"];

    /// <summary>The commands.</summary>
    public static IEnumerable<Command> Create(ClientOptions client) => [Show(client), Leave(client)];

    private static Command Show(ClientOptions options)
    {
        var command = new Command("show", "Shows the nodes, what each did since it started, which serves the singletons, and what waits.");
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = options.Client(parsed);
            var cluster = await client.Call<ShowClusterResponse>("Cluster/Show", new ShowClusterRequest(), cancellation);
            var printer = options.Printer(parsed);
            printer.Print(cluster, Columns, cluster.Nodes.Select(n => Row(n, cluster)));
            printer.Remark(string.Create(CultureInfo.InvariantCulture,
                $"backlog {cluster.Backlog}, busy shards {cluster.BusyShards}, unowned {cluster.UnownedShards}, dead letters {cluster.DeadLetters}, highest epoch {cluster.HighestEpoch}"));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Leave(ClientOptions options)
    {
        var name = new Argument<string>("node") { Description = "The node's name." };
        var command = new Command("leave", "Has a node hand over all that it owns, and end. Returns when others own all of it.") { name };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = options.Client(parsed);
            var left = await client.Call<LeaveClusterResponse>("Cluster/Leave", new LeaveClusterRequest { Name = parsed.GetValue(name)! }, cancellation);
            options.Printer(parsed).Print(left, $"{parsed.GetValue(name)} has handed over, and ends.");
            return ExitCode.Ok;
        });
        return command;
    }

    private static IReadOnlyList<string> Row(ClusterNode node, ShowClusterResponse cluster) =>
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
    ];

    private static string StateOf(ClusterNode node) => node.State switch
    {
        NodeState.Live => node.Answers ? "[green]live[/]" : "[yellow]live, silent[/]",
        NodeState.Draining => "[yellow]draining[/]",
        NodeState.Expired => "[red]expired[/]",
        NodeState.Unspecified => "",
        _ => throw new UnreachableException(),
    };

    private static string Age(TimeSpan age) => age switch
    {
        { TotalDays: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalDays}d{age.Hours}h"),
        { TotalHours: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{age.Hours}h{age.Minutes}m"),
        { TotalMinutes: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{age.Minutes}m{age.Seconds}s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{age.Seconds}s"),
    };
}
