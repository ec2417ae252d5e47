using System.CommandLine;
using Latecomer.Node.LocalCluster;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer cluster</c>.</summary>
internal static class ClusterCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var client = new ClientOptions();
        var cluster = new Command("cluster", "Shows the nodes, has them leave, and runs a cluster on this machine.");
        foreach (var command in ClusterNodeCommands.Create(client))
        {
            cluster.Subcommands.Add(client.On(command));
        }

        cluster.Subcommands.Add(client.On(DeadLetterCommands.Create(client)));
        cluster.Subcommands.Add(ClusterUpCommand.Create());
        foreach (var command in ClusterProcessCommands.Create())
        {
            cluster.Subcommands.Add(command);
        }

        return cluster;
    }
}
