using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Latecomer.Tests.Nemesis;

/// <summary>How a proxy treats its connections.</summary>
internal enum LinkState
{
    /// <summary>It passes everything on.</summary>
    Open,

    /// <summary>It has ended all connections, and lets no more in.</summary>
    Cut,

    /// <summary>Nothing gets through, and nobody is told: what was sent meanwhile arrives when it opens again.</summary>
    Silent,

    /// <summary>Everything gets through, late.</summary>
    Slow,
}

/// <summary>Stands between a node and whatever it talks to.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private const int ChunkBytes = 65536;

    private static readonly TimeSpan Slowness = TimeSpan.FromMilliseconds(60);
    /// <summary>The message of PostgreSQL's protocol by which a client ends its statements.</summary>
    private static readonly byte[] Sync = [(byte)'S', 0, 0, 0, 4];
    private static readonly byte[] Fence = Encoding.ASCII.GetBytes("latecomer.fence");

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<Link, bool> _links = [];
    private readonly Task _accepting;
    private volatile TaskCompletionSource _open = Opened();
    private volatile LinkState _state;
    private HeldTurn? _hold;

    public TcpProxy()
    {
        _listener.Start();
        _accepting = Accept();
    }

    /// <summary>Where connections go on to; while it is null they are ended.</summary>
    public IPEndPoint? Target { get; set; }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Hears what clients send; null: nobody does.</summary>
    public HintEcho? Echo { get; set; }

    public void Become(LinkState state)
    {
        _state = state;
        if (state == LinkState.Silent && _open.Task.IsCompleted)
        {
            _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        else if (state != LinkState.Silent)
        {
            _open.TrySetResult();
        }

        if (state == LinkState.Cut)
        {
            foreach (var link in _links.Keys)
            {
                link.Close();
            }
        }
    }

    /// <summary>Stops the next batch of turns, and what its connection sends after it, until it is released. Other connections go on.</summary>
    /// <param name="beforeCommit">The server gets all of it but its end, by which it commits; else nothing of it.</param>
    public HeldTurn HoldNextTurn(bool beforeCommit = false) => _hold = new HeldTurn(beforeCommit);

    /// <summary>Holds none any more, if it has not yet.</summary>
    public void HoldNone() => _hold = null;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        Become(LinkState.Cut);
        _listener.Stop();
        await _accepting;
        _end.Dispose();
    }

    private static TaskCompletionSource Opened()
    {
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        opened.SetResult();
        return opened;
    }

    private async Task Accept()
    {
        var links = new List<Task>();
        try
        {
            while (true)
            {
                links.RemoveAll(l => l.IsCompleted);
                links.Add(Pass(await _listener.AcceptSocketAsync(_end.Token)));
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(links);
        }
    }

    private async Task Pass(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var link = new Link(client, server);
        _links.TryAdd(link, true);
        try
        {
            if (_state == LinkState.Cut || Target is not { } target)
            {
                return;
            }

            await _open.Task.WaitAsync(_end.Token);
            await server.ConnectAsync(target, _end.Token);
            (client.NoDelay, server.NoDelay) = (true, true);
            await Task.WhenAny(Copy(client, server, mayHold: true), Copy(server, client, mayHold: false));
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The other end hears of it by the end of its own connection.
        }
        finally
        {
            link.Close();
            _links.TryRemove(link, out _);
        }
    }

    private async Task Copy(Socket from, Socket to, bool mayHold)
    {
        var chunk = new byte[ChunkBytes];
        HeldTurn? held = null;
        HintEcho.Ear? ear = null;
        try
        {
            while (await from.ReceiveAsync(chunk, SocketFlags.None, _end.Token) is > 0 and var count)
            {
                if (mayHold && _hold is not null && chunk.AsSpan(0, count).IndexOf(Fence) >= 0)
                {
                    held ??= Interlocked.Exchange(ref _hold, null);
                }

                if (mayHold && Echo is { } echo && Target is { } target)
                {
                    (ear ??= new HintEcho.Ear(echo, target)).Hear(chunk.AsSpan(0, count));
                }
                else
                {
                    ear = null;
                }

                var first = 0;
                if (held is not null && (!held.IsBeforeCommit || chunk.AsSpan(0, count).EndsWith(Sync)))
                {
                    first = held.IsBeforeCommit ? count - Sync.Length : 0;
                    await Send(to, chunk.AsMemory(0, first));
                    await held.Stand(_end.Token);
                    held = null;
                }

                if (_state == LinkState.Slow)
                {
                    await Task.Delay(Slowness, _end.Token);
                }

                await _open.Task.WaitAsync(_end.Token);
                await Send(to, chunk.AsMemory(first, count - first));
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // As above.
        }
    }

    private async Task Send(Socket to, Memory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await to.SendAsync(bytes, SocketFlags.None, _end.Token)..];
        }
    }

    private sealed class Link(Socket client, Socket server)
    {
        public void Close()
        {
            client.Dispose();
            server.Dispose();
        }
    }
}

/// <summary>A batch of turns that has left its node and has not reached the server, or not wholly.</summary>
internal sealed class HeldTurn(bool beforeCommit)
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsBeforeCommit => beforeCommit;

    /// <summary>Ends when there is one.</summary>
    public Task Reached => _reached.Task;

    public void Release() => _released.TrySetResult();

    public Task Stand(CancellationToken cancellation)
    {
        _reached.TrySetResult();
        return _released.Task.WaitAsync(cancellation);
    }
}
