using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace Latecomer.Tests.Integration.Runtime.Postgres;

/// <summary>A wire between a node and PostgreSQL that breaks, or stops, at the commit of the next turn: at the message by which the client ends
/// its statements (Sync), or at the answer to it. Any other traffic it lets pass.</summary>
public sealed class Wire : IAsyncDisposable
{
    /// <summary>Type and length.</summary>
    private const int Head = 5;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly NpgsqlConnectionStringBuilder _server;
    private readonly Task _accepting;
    private WireFault? _next;

    public Wire(string connectionString)
    {
        _server = new NpgsqlConnectionStringBuilder(connectionString);
        _listener.Start();
        _accepting = Accept();
    }

    /// <summary>To the server by this wire; in clear, for it has to be read.</summary>
    public string ConnectionString => new NpgsqlConnectionStringBuilder(_server.ConnectionString)
    {
        Host = "127.0.0.1",
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
    }.ConnectionString;

    /// <summary>What happens to the next turn, and to none after it.</summary>
    public WireFault Arm(WireFault fault) => _next = fault;

    /// <summary>Ends all connections, and lets no more in.</summary>
    public async Task Cut()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
    }

    public async ValueTask DisposeAsync()
    {
        await Cut();
        _end.Dispose();
    }

    private async Task Accept()
    {
        var links = new List<Task>();
        try
        {
            while (true)
            {
                links.Add(Link(await _listener.AcceptTcpClientAsync(_end.Token)));
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(links);
        }
    }

    private async Task Link(TcpClient client)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        using var server = new TcpClient { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            await server.ConnectAsync(_server.Host!, _server.Port, ended.Token);
            var fault = new TaskCompletionSource<WireFault>();
            await Task.WhenAny(Forward(client.GetStream(), server.GetStream(), fault, ended.Token), Answer(server.GetStream(), client.GetStream(), fault.Task, ended.Token));
            await ended.CancelAsync();
        }
    }

    private async Task Forward(NetworkStream from, NetworkStream to, TaskCompletionSource<WireFault> happened, CancellationToken cancellation)
    {
        try
        {
            await to.WriteAsync(await Message(from, typed: false, cancellation), cancellation);
            var isTurn = false;
            var fences = new HashSet<string>();
            while (true)
            {
                var message = await Message(from, typed: true, cancellation);
                isTurn |= message[0] switch
                {
                    (byte)'P' => IsFence(message, fences),
                    (byte)'B' => fences.Contains(StatementOf(message)),
                    _ => false,
                };
                if (message[0] == 'S' && isTurn && Interlocked.Exchange(ref _next, null) is { } fault)
                {
                    happened.SetResult(fault);
                    await fault.BeforeCommit(cancellation);
                }

                isTurn &= message[0] != 'S';
                await to.WriteAsync(message, cancellation);
            }
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException or ObjectDisposedException)
        {
        }
    }

    /// <summary>Whether a statement is parsed that begins a turn; if it gets a name, it is known by that from then on.</summary>
    private static bool IsFence(byte[] parse, HashSet<string> fences)
    {
        var text = Encoding.ASCII.GetString(parse);
        var isFence = text.Contains("latecomer.fence", StringComparison.Ordinal);
        var name = text[Head..text.IndexOf('\0', Head)];
        if (isFence && name.Length > 0)
        {
            fences.Add(name);
        }

        return isFence;
    }

    /// <summary>The statement that is bound: the second name in the message.</summary>
    private static string StatementOf(byte[] bind)
    {
        var text = Encoding.ASCII.GetString(bind);
        var name = text.IndexOf('\0', Head) + 1;
        return text[name..text.IndexOf('\0', name)];
    }

    private static async Task Answer(NetworkStream from, NetworkStream to, Task<WireFault> happened, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                var message = await Message(from, typed: true, cancellation);
                if (!happened.IsCompletedSuccessfully || (await happened).LetsAnswersPass)
                {
                    await to.WriteAsync(message, cancellation);
                }
                else if (message[0] == 'Z')
                {
                    return;
                }
            }
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException or ObjectDisposedException)
        {
        }
    }

    /// <summary>One message of PostgreSQL's protocol, with its head: a type, but for the first, and the length.</summary>
    private static async Task<byte[]> Message(NetworkStream from, bool typed, CancellationToken cancellation)
    {
        var head = new byte[typed ? 5 : 4];
        await from.ReadExactlyAsync(head, cancellation);
        var length = BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(head.Length - 4));
        var message = new byte[head.Length - 4 + length];
        head.CopyTo(message, 0);
        await from.ReadExactlyAsync(message.AsMemory(head.Length), cancellation);
        return message;
    }
}
