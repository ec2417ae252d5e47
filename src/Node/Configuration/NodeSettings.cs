using System.CommandLine;
using System.Globalization;
using Latecomer.Node.Cli;
using Latecomer.Node.Hosting;

namespace Latecomer.Node.Configuration;

/// <summary>The settings of <c>latecomer node</c>.</summary>
internal static class NodeSettings
{
    private static readonly Setting Data = new("data", "folder", "The data folder; made if it does not exist. All nodes of a cluster are given the same.");

    private static readonly Setting Store = new(
        "store", "connection", "The PostgreSQL database of a cluster, such as 'Host=db.example;Database=latecomer;Username=latecomer;Password=...'. Without it the store is in the data folder, for this process alone.");

    private static readonly Setting Name = new("name", "name", "The node's name, the same after a restart; by default the machine's.");

    private static readonly Setting Listen = new("listen", "address", $"Where to listen; port 0 takes a free one. By default {HostOptions.DefaultListen}.");

    private static readonly Setting Advertise = new("advertise", "address", "Where the other nodes reach this one; by default where it listens, by the machine's name if that is everywhere.");

    private static readonly Setting Nodes = new("nodes", "number", "How many nodes share the work in this process, if it has no --store. By default 1.");

    /// <summary>Their flags.</summary>
    public static IEnumerable<Option> Options => new[] { Data, Store, Name, Listen, Advertise, Nodes }.Select(s => s.Option);

    /// <summary>Reads them.</summary>
    /// <exception cref="Refusal">One is wrong or missing.</exception>
    public static HostOptions Read(SettingSources sources)
    {
        var options = new HostOptions
        {
            Data = sources.Get<string?>(Data, text => text, otherwise: null)
                ?? throw new Refusal(ExitCode.Usage, $"Say where the data folder is: --data DIR, or {Data.Variable}."),
            Store = sources.Get<string?>(Store, text => text, otherwise: null),
            Name = sources.Get<string?>(Name, NodeName.Parse, otherwise: null),
            Listen = sources.Get(Listen, ParseAddress, new Uri(HostOptions.DefaultListen)),
            Advertise = sources.Get<Uri?>(Advertise, ParseAddress, otherwise: null),
            Nodes = sources.Get(Nodes, ParseNodes, otherwise: 1),
        };
        return options is { Store: not null, Nodes: > 1 }
            ? throw new Refusal(ExitCode.Usage, "A process is one node of a cluster: with --store there is no --nodes; start more processes.")
            : options;
    }

    private static Uri ParseAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttp && address.AbsolutePath == "/"
            ? address
            : throw new FormatException($"that is an address such as {HostOptions.DefaultListen}, not '{text}'.");

    private static int ParseNodes(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var nodes) && nodes is >= 1 and <= HostOptions.MostNodes
            ? nodes
            : throw new FormatException($"that is a number from 1 to {HostOptions.MostNodes}, not '{text}'.");
}
