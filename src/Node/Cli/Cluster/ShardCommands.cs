using System.CommandLine;
using Latecomer.Node.Protocol;
using Spectre.Console;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer cluster shards</c>, and <c>latecomer cluster-sharding</c> by the names that Petabridge.Cmd has.</summary>
internal static class ShardCommands
{
    /// <summary>The shards.</summary>
    public static Command Shards(ClientOptions client, string name = "shards")
    {
        var node = new Option<string?>("--node") { Description = "Only those that this node owns.", HelpName = Names.Node };
        var watch = WatchOption.Create();
        return client.Asking(new Command(name, "Lists the shards with the nodes that own them.") { node, watch }, asked => new Listing<ListShardsResponse, ClusterShard>
        {
            Method = "Cluster/ListShards",
            Ask = token => new ListShardsRequest { Node = asked.Get(node) ?? "", PageToken = token, PageSize = 1000 },
            NextOf = page => page.NextPageToken,
            ItemsOf = page => page.Shards,
            Columns = ["shard", "node", "epoch", "singleton"],
            Row = shard => [$"{shard.Shard}", shard.Node.Length > 0 ? Markup.Escape(shard.Node) : "[red]none[/]", $"{shard.Epoch}", Markup.Escape(shard.Singleton)],
        }.Print(asked, asked.Get(watch)));
    }

    /// <summary>The same by other names, for whoever comes from there.</summary>
    public static Command Sharding(ClientOptions client)
    {
        var sharding = client.On(new Command("cluster-sharding", "Shards, by the names of Petabridge.Cmd.") { Shards(client, "list-shards"), Regions(client) });
        sharding.Hidden = true;
        return sharding;
    }

    /// <summary>What each node owns.</summary>
    private static Command Regions(ClientOptions client) => client.Asking(new Command("list-regions", "Lists the nodes with how many shards each owns."), async asked =>
    {
        var cluster = await asked.Call<ShowClusterResponse>("Cluster/Show", new ShowClusterRequest());
        asked.Printer.Print(cluster, ["node", "shards", "singletons"], cluster.Nodes.Select(node => (IReadOnlyList<string>)
        [
            Markup.Escape(node.Name), $"{node.Shards}", string.Join(",", cluster.Singletons.Where(s => s.Node == node.Name).Select(s => s.Name)),
        ]));
        return ExitCode.Ok;
    });
}
