using System.Net;
using System.Net.Sockets;
using Latecomer.Node.Configuration;

namespace Latecomer.Node.LocalCluster;

/// <summary>A node of a cluster on this machine, as a process.</summary>
internal sealed class NodeServer(ClusterFile file, string name)
{
    private const string AnyPort = "http://127.0.0.1:0";

    private NodeRecord Known => file.Record!.Nodes.First(n => n.Name == name);

    /// <summary>Starts the process; it may be told to end before it serves.</summary>
    public async Task<StartingNode> Begin(string store, IReadOnlyDictionary<string, string> environment)
    {
        var log = Path.Combine(file.State, "nodes", name, "log");
        Directory.CreateDirectory(Path.GetDirectoryName(log)!);
        var began = ProcessLog.Length(log);
        var process = await Launch.Start(
            [.. Program(), "node", "--name", name, "--listen", Free(Known.Address), "--grpc", Free(Known.Grpc), "--data", file.Data],
            Surroundings(store, environment),
            log,
            process => file.Change(r => r.With(Known with { Process = process })));
        return new StartingNode(name, process, log, began);
    }

    /// <summary>Without what the environment says of another node.</summary>
    private static Dictionary<string, string> Surroundings(string store, IReadOnlyDictionary<string, string> environment)
    {
        var all = new Dictionary<string, string>(environment, StringComparer.Ordinal) { ["LATECOMER_STORE"] = store, ["LATECOMER_ADVERTISE"] = "", ["LATECOMER_NODES"] = "" };
        foreach (var setting in TlsSettings.All)
        {
            all[setting.Variable] = "";
        }

        return all;
    }

    /// <summary>The program that runs now, as it is started again.</summary>
    private static IReadOnlyList<string> Program() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? [Environment.ProcessPath!, Path.Combine(AppContext.BaseDirectory, "latecomer.dll")]
            : [Environment.ProcessPath!];

    /// <summary>Where it listened before, so that those who know it find it again, unless somebody else listens there now.</summary>
    private static string Free(Uri? before)
    {
        if (before is not { } address)
        {
            return AnyPort;
        }

        try
        {
            using var probe = new TcpListener(IPAddress.Parse(address.Host), address.Port);
            probe.Start();
            return address.GetLeftPart(UriPartial.Authority);
        }
        catch (SocketException)
        {
            return AnyPort;
        }
    }
}
