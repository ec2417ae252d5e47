using System.CommandLine;
using Latecomer.Node.LocalCluster;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer cluster</c>.</summary>
internal static class ClusterCommand
{
    /// <summary>The command.</summary>
    public static Command Create(ClientOptions client)
    {
        var cluster = new Command("cluster", "Shows the nodes, shards and actors, has nodes leave, and runs a cluster on this machine.");
        Command[] asking = [ShowCommand.Create(client), LeaveCommand.Create(client), ShardCommands.Shards(client), ActorCommands.Actors(client), DeadLetterCommands.Create(client), AuditCommand.Create(client)];
        foreach (var command in asking)
        {
            cluster.Subcommands.Add(client.On(command));
        }

        cluster.Subcommands.Add(ClusterUpCommand.Create());
        foreach (var command in ClusterProcessCommands.Create())
        {
            cluster.Subcommands.Add(command);
        }

        return cluster;
    }
}
