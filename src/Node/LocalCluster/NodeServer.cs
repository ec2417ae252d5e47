using System.Net;
using System.Net.Sockets;
using Latecomer.Activities;
using Latecomer.Node.Cli;

namespace Latecomer.Node.LocalCluster;

/// <summary>A node of a cluster on this machine, as a process.</summary>
internal sealed class NodeServer(ClusterFile file, string name)
{
    private const string Listening = "listening on ";
    private const string Complaint = "latecomer: ";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);
    private static readonly Uri AnyPort = new("http://127.0.0.1:0");

    private long _began;

    private NodeRecord Known => file.Record!.Nodes.First(n => n.Name == name);

    private string Folder => Path.Combine(file.State, "nodes", name);

    private string LogFile => Path.Combine(Folder, "log");

    /// <summary>Starts the process; it may be told to end before it serves.</summary>
    public async Task Begin(string store)
    {
        Directory.CreateDirectory(Folder);
        _began = ProcessLog.Length(LogFile);
        await Launch.Start(
            [.. Program(), "node", "--name", name, "--listen", ListenOn().GetLeftPart(UriPartial.Authority), "--data", file.Data],
            new Dictionary<string, string>(StringComparer.Ordinal) { ["LATECOMER_STORE"] = store, ["LATECOMER_ADVERTISE"] = "", ["LATECOMER_NODES"] = "" },
            LogFile,
            process => Change(n => n with { Process = process }));
    }

    /// <summary>Waits until the process that was begun can do what it is asked, and notes where it listens.</summary>
    /// <exception cref="Refusal">It ended, or is not ready in time.</exception>
    public async Task Ready(CancellationToken cancellation)
    {
        var since = TimeProvider.System.GetTimestamp();
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(5) };
        while (true)
        {
            var said = await ProcessLog.After(LogFile, _began);
            if (!ProcessTable.IsAlive(Known.Process!))
            {
                throw new Refusal(ExitCode.Failed, $"{name} ended while it started: {Reason(said)} Its log is {LogFile}");
            }

            if (AddressIn(said) is { } address && await IsReady(http, address, cancellation))
            {
                Change(n => n with { Address = address });
                return;
            }

            if (TimeProvider.System.GetElapsedTime(since) > Patience)
            {
                throw new Refusal(ExitCode.Failed, $"{name} is not ready after {Patience.TotalSeconds:0} s; its log is {LogFile}");
            }

            await Task.Delay(Glance, TimeProvider.System, cancellation);
        }
    }

    /// <summary>The program that runs now, as it is started again.</summary>
    private static IReadOnlyList<string> Program() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? [Environment.ProcessPath!, Path.Combine(AppContext.BaseDirectory, "latecomer.dll")]
            : [Environment.ProcessPath!];

    private static Uri? AddressIn(string said) =>
        said.Split('\n')[..^1].LastOrDefault(line => line.StartsWith(Listening, StringComparison.Ordinal)) is { } line ? new Uri(line[Listening.Length..].Trim()) : null;

    private static string Reason(string said) =>
        said.Split('\n').LastOrDefault(line => line.StartsWith(Complaint, StringComparison.Ordinal)) is { } line ? line[Complaint.Length..] : "it did not say why.";

    private static async Task<bool> IsReady(HttpClient http, Uri address, CancellationToken cancellation)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(address, "/readyz"), cancellation);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Where it listened before, so that those who know it find it again, unless somebody else listens there now.</summary>
    private Uri ListenOn()
    {
        if (Known.Address is not { } address)
        {
            return AnyPort;
        }

        try
        {
            using var probe = new TcpListener(IPAddress.Parse(address.Host), address.Port);
            probe.Start();
            return address;
        }
        catch (SocketException)
        {
            return AnyPort;
        }
    }

    private void Change(Func<NodeRecord, NodeRecord> change) => file.Change(r => r.With(change(r.Nodes.First(n => n.Name == name))));
}
