using System.Net;
using Latecomer.Activities;
using Latecomer.Node.Cli;

namespace Latecomer.Node.LocalCluster;

/// <summary>A node that was started and may not serve yet.</summary>
/// <param name="name">Its name.</param>
/// <param name="process">Its process.</param>
/// <param name="log">The file with what it prints.</param>
/// <param name="began">Where in that file it began.</param>
internal sealed class StartingNode(string name, ProcessRecord process, string log, long began)
{
    private const string Listening = "listening on ";
    private const string ListeningForGrpc = "listening for gRPC on ";
    private const string Complaint = "latecomer: ";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);

    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>Waits until it can do what it is asked.</summary>
    /// <returns>Where it listens.</returns>
    /// <exception cref="Refusal">It ended, or is not ready in time.</exception>
    public async Task<ServedAt> Ready(CancellationToken cancellation)
    {
        var since = TimeProvider.System.GetTimestamp();
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(5) };
        while (true)
        {
            var isAlive = ProcessTable.IsAlive(process);
            var said = await ProcessLog.After(log, began);
            if (!isAlive)
            {
                throw new Refusal(ExitCode.Failed, $"{name} ended while it started: {Reason(said)} Its log is {log}");
            }

            if (AddressIn(said, Listening) is { } address && await IsReady(http, address, cancellation))
            {
                return new ServedAt(address, AddressIn(said, ListeningForGrpc));
            }

            if (TimeProvider.System.GetElapsedTime(since) > Patience)
            {
                throw new Refusal(ExitCode.Failed, $"{name} is not ready after {Patience.TotalMinutes:0} minutes; its log is {log}");
            }

            await Task.Delay(Glance, TimeProvider.System, cancellation);
        }
    }

    private static Uri? AddressIn(string said, string after) =>
        said.Split('\n')[..^1].LastOrDefault(line => line.StartsWith(after, StringComparison.Ordinal)) is { } line ? new Uri(line[after.Length..].Trim()) : null;

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
}

/// <summary>Where a node listens.</summary>
/// <param name="Http">For HTTP.</param>
/// <param name="Grpc">For gRPC; null if it did not say.</param>
internal sealed record ServedAt(Uri Http, Uri? Grpc);
