using System.Net.Sockets;

namespace Latecomer.Tests.EndToEnd.Clusters;

/// <summary>Passes connections to a socket on to a server.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly CancellationTokenSource _over = new();
    private readonly Socket _gate;
    private readonly string _host;
    private readonly int _port;
    private readonly Task _accepting;

    public Relay(Socket gate, string host, int port)
    {
        (_gate, _host, _port) = (gate, host, port);
        _accepting = Accept();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _accepting;
        _over.Dispose();
    }

    private async Task Accept()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(Pass(await _gate.AcceptAsync(_over.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task Pass(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await server.ConnectAsync(_host, _port, _over.Token);
            await using var there = new NetworkStream(server);
            await using var here = new NetworkStream(client, ownsSocket: true);
            await Task.WhenAny(here.CopyToAsync(there, _over.Token), there.CopyToAsync(here, _over.Token));
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            client.Dispose();
        }
    }
}
