using System.CommandLine;
using Latecomer.Node.Protocol;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer cluster leave</c>.</summary>
internal static class LeaveCommand
{
    /// <summary>The command.</summary>
    public static Command Create(ClientOptions client)
    {
        var name = new Argument<string>(Names.Node) { Description = "The node's name." };
        var (requestId, confirmation) = (RequestIds.Option(), new Confirmation());
        var command = confirmation.On(new Command("leave", "Has a node hand over all that it owns, and end. Returns when others own all of it.") { name, requestId });
        return client.Asking(command, async asked =>
        {
            var node = asked.Get(name);
            await confirmation.Ask(asked.Parsed, async () =>
            {
                var cluster = await asked.Call<ShowClusterResponse>("Cluster/Show", new ShowClusterRequest());
                var others = cluster.Nodes.Count(n => n.Live && n.Name != node);
                return $"{node} owns {cluster.Nodes.FirstOrDefault(n => n.Name == node)?.Shards ?? 0} shards, and {others} other nodes live. Have it leave?";
            }, asked.Cancellation);
            var left = await asked.Call<LeaveClusterResponse>("Cluster/Leave", new LeaveClusterRequest { Name = node, RequestId = RequestIds.Of(asked.Get(requestId)) });
            asked.Printer.Print(left, $"{node} has handed over, and ends.");
            return ExitCode.Ok;
        });
    }
}
