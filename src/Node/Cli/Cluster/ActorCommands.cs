using System.CommandLine;
using System.Text.Json;
using Latecomer.Node.Protocol;
using Spectre.Console;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer cluster actors</c>, and <c>latecomer actor hierarchy</c> as Petabridge.Cmd has it.</summary>
internal static class ActorCommands
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = ErrorDocument.Relaxed.Encoder };

    /// <summary>The actors, or one of them with its state.</summary>
    public static Command Actors(ClientOptions client)
    {
        var kind = new Argument<string?>("KIND") { Description = "Only those of this kind, such as Partition.", Arity = ArgumentArity.ZeroOrOne };
        var key = new Argument<string?>("KEY") { Description = "The one of this key, with its state.", Arity = ArgumentArity.ZeroOrOne };
        var prefix = new Option<string?>("--key-prefix") { Description = "Only those whose key begins so.", HelpName = "text" };
        return client.Asking(new Command("actors", "Lists the actors that have a state; with KIND and KEY, shows one with it.") { kind, key, prefix }, async asked =>
        {
            if (asked.Get(key) is { } wanted)
            {
                var actor = await asked.Call<ClusterActor>("Cluster/GetActor", new GetActorRequest { Kind = asked.Get(kind), Key = wanted });
                asked.Printer.Print(actor, $"{actor.Kind} {actor.Key}, shard {actor.Shard} at {actor.Node}, revision {actor.Revision}\n{Readable(actor.State)}", actor.State);
                return ExitCode.Ok;
            }

            return await All(asked, asked.Get(kind), asked.Get(prefix)).Print(asked);
        });
    }

    /// <summary>The same as a tree.</summary>
    public static Command Actor(ClientOptions client)
    {
        var hierarchy = client.Asking(new Command("hierarchy", "Shows the actors as a tree: nodes, kinds, keys."), async asked =>
        {
            var listing = All(asked, kind: null, prefix: null);
            var all = await asked.All(listing.Method, listing.Ask, listing.NextOf);
            if (asked.Printer.IsTable)
            {
                asked.Printer.Terminal.Write(Tree(all.Actors));
            }
            else
            {
                asked.Printer.Print(all, listing.Columns, all.Actors.Select(listing.Row));
            }

            return ExitCode.Ok;
        });
        var actor = client.On(new Command("actor", "Actors, by the names of Petabridge.Cmd.") { hierarchy });
        actor.Hidden = true;
        return actor;
    }

    private static Listing<ListActorsResponse, ClusterActor> All(Asked asked, string? kind, string? prefix) => new()
    {
        Method = "Cluster/ListActors",
        Ask = token => new ListActorsRequest { Kind = kind ?? "", KeyPrefix = prefix ?? "", PageToken = token, PageSize = 1000 },
        NextOf = page => page.NextPageToken,
        ItemsOf = page => page.Actors,
        Columns = ["kind", "key", "shard", "node", "revision", "bytes"],
        Row = actor => [Markup.Escape(actor.Kind), Markup.Escape(actor.Key), $"{actor.Shard}", Markup.Escape(actor.Node), $"{actor.Revision}", $"{actor.StateBytes}"],
    };

    private static Tree Tree(IEnumerable<ClusterActor> actors)
    {
        var tree = new Tree("latecomer");
        foreach (var node in actors.GroupBy(a => a.Node, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var branch = tree.AddNode(node.Key.Length > 0 ? Markup.Escape(node.Key) : "[red]nobody[/]");
            foreach (var kind in node.GroupBy(a => a.Kind, StringComparer.Ordinal))
            {
                branch.AddNode(Markup.Escape(kind.Key)).AddNodes(kind.Select(a => $"{Markup.Escape(a.Key)} [grey]shard {a.Shard}, revision {a.Revision}[/]"));
            }
        }

        return tree;
    }

    private static string Readable(string json)
    {
        using var document = JsonDocument.Parse(json);
        return JsonSerializer.Serialize(document.RootElement, Indented);
    }
}
