using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Threading.Channels;
using Latecomer.Runtime;

namespace Latecomer.Benchmarks.Turns;

/// <summary>Hints between the processes of a benchmark, on this machine: what is published within a moment goes as one datagram to each of the others.</summary>
internal sealed class DatagramHints : IHints, IDisposable
{
    private const int HintsTogether = 1000;

    private readonly LocalHints _local = new();
    private readonly UdpClient _socket;
    private readonly IPEndPoint[] _others;
    private readonly Channel<Hint> _out = Channel.CreateUnbounded<Hint>();

    /// <param name="own">The port that this process hears.</param>
    /// <param name="others">Those that the others hear.</param>
    public DatagramHints(int own, IEnumerable<int> others)
    {
        _socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, own));
        _socket.Client.ReceiveBufferSize = 1 << 20;
        _others = [.. others.Select(port => new IPEndPoint(IPAddress.Loopback, port))];
        _ = Send();
        _ = Receive();
    }

    public void Publish(Hint hint)
    {
        _local.Publish(hint);
        _out.Writer.TryWrite(hint);
    }

    public IDisposable Subscribe(Action<Hint> listener) => _local.Subscribe(listener);

    public void Dispose()
    {
        _out.Writer.TryComplete();
        _socket.Dispose();
    }

    private async Task Send()
    {
        while (await _out.Reader.WaitToReadAsync())
        {
            var (shards, replies, placement) = (new HashSet<int>(), new List<string>(), false);
            while (shards.Count + replies.Count < HintsTogether && _out.Reader.TryRead(out var hint))
            {
                switch (hint)
                {
                    case Hint.MailArrived mail:
                        shards.Add(mail.Shard.Number);
                        break;
                    case Hint.ReplyDecided reply:
                        replies.Add(reply.Request.Value);
                        break;
                    case Hint.PlacementChanged:
                        placement = true;
                        break;
                }
            }

            var datagram = JsonSerializer.SerializeToUtf8Bytes(new Datagram([.. shards], [.. replies], placement));
            foreach (var other in _others)
            {
                try
                {
                    await _socket.SendAsync(datagram, other);
                }
                catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
                {
                    // Lost, as hints may be.
                }
            }
        }
    }

    private async Task Receive()
    {
        while (true)
        {
            try
            {
                var received = await _socket.ReceiveAsync();
                var datagram = JsonSerializer.Deserialize<Datagram>(received.Buffer)!;
                Array.ForEach(datagram.Shards, s => _local.Publish(new Hint.MailArrived(new ShardId(s))));
                Array.ForEach(datagram.Replies, r => _local.Publish(new Hint.ReplyDecided(RequestId.Parse(r))));
                if (datagram.Placement)
                {
                    _local.Publish(new Hint.PlacementChanged());
                }
            }
            catch (SocketException)
            {
                // Somebody is not there yet, or no more.
            }
            catch (ObjectDisposedException)
            {
                return;
            }
        }
    }

    private sealed record Datagram(int[] Shards, string[] Replies, bool Placement);
}
