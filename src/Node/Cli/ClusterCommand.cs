using System.CommandLine;
using Latecomer.Node.LocalCluster;
using Latecomer.Node.Protocol;
using Spectre.Console;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer cluster</c>.</summary>
internal static class ClusterCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var client = new ClientOptions();
        var cluster = new Command("cluster", "Shows the nodes, and runs a cluster on this machine.") { client.On(Show(client)), ClusterUpCommand.Create() };
        foreach (var command in ClusterProcessCommands.Create())
        {
            cluster.Subcommands.Add(command);
        }

        return cluster;
    }

    private static Command Show(ClientOptions options)
    {
        var command = new Command("show", "Shows the nodes, what each did since it started, and which serves the singletons.");
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = options.Client(parsed);
            var cluster = await client.Call<ShowClusterResponse>("Cluster/Show", new ShowClusterRequest(), cancellation);
            options.Printer(parsed).Print(cluster, ["node", "shards", "turns", "activities", "singletons"], cluster.Nodes.Select(n => (IReadOnlyList<string>)
            [
                Markup.Escape(n.Name), $"{n.Shards}", $"{n.Turns}", $"{n.Activities}",
                string.Join(",", cluster.Singletons.Where(s => s.Node == n.Name).Select(s => s.Name)),
            ]));
            return ExitCode.Ok;
        });
        return command;
    }
}
