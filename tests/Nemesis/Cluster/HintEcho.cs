using System.Net;
using System.Net.Sockets;
using System.Text;
using Latecomer.Tests.Simulation;

namespace Latecomer.Tests.Nemesis;

/// <summary>Says again, later, what one node told another: it keeps calls with hints as they pass, and sends each on a connection of its own once or twice more. Their
/// proof holds, for it says who wrote them, and not when.</summary>
internal sealed class HintEcho(SeededRandom random, CancellationToken end)
{
    private const int LongestDelay = 3000;
    private const string HeadEnd = "\r\n\r\n";
    private const string LengthField = "content-length:";
    private const int MostBytes = 65536;

    private static readonly byte[] Call = Encoding.ASCII.GetBytes("POST /internal/hints HTTP/1.1\r\n");

    private readonly Lock _lock = new();
    private int _said;

    /// <summary>Calls that were made again.</summary>
    public int Said => _said;

    /// <summary>What one connection sends: calls are found in it where they begin with what it sends at once.</summary>
    public sealed class Ear(HintEcho echo, IPEndPoint to)
    {
        private readonly List<byte> _call = [];

        public void Hear(ReadOnlySpan<byte> bytes)
        {
            if (_call.Count == 0 && !bytes.StartsWith(Call))
            {
                return;
            }

            _call.AddRange(bytes);
            if (LengthOf(_call) is { } length && _call.Count >= length)
            {
                echo.Repeat([.. _call], to);
                _call.Clear();
            }
            else if (_call.Count > MostBytes)
            {
                _call.Clear();
            }
        }

        /// <summary>Of the call with its body; null while its head is not over.</summary>
        private static int? LengthOf(List<byte> call)
        {
            var text = Encoding.ASCII.GetString([.. call]);
            var head = text.IndexOf(HeadEnd, StringComparison.Ordinal);
            var field = text.IndexOf(LengthField, StringComparison.OrdinalIgnoreCase);
            if (head < 0 || field < 0 || field > head)
            {
                return null;
            }

            var from = field + LengthField.Length;
            return head + HeadEnd.Length + int.Parse(text[from..text.IndexOf('\r', from)], System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    private void Repeat(byte[] call, IPEndPoint to)
    {
        List<int> delays;
        lock (_lock)
        {
            delays = [.. Enumerable.Range(0, random.Between(1, 2)).Select(_ => random.Below(LongestDelay))];
        }

        foreach (var delay in delays)
        {
            _ = Say(call, to, delay);
        }
    }

    private async Task Say(byte[] call, IPEndPoint to, int delay)
    {
        try
        {
            await Task.Delay(delay, end);
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(to, end);
            await socket.SendAsync(call, SocketFlags.None, end);
            var answer = new byte[256];
            var count = await socket.ReceiveAsync(answer, SocketFlags.None, end);
            if (Encoding.ASCII.GetString(answer, 0, count).StartsWith("HTTP/1.1 204", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref _said);
            }
        }
        catch (Exception fault) when (fault is SocketException or OperationCanceledException)
        {
            // The node is gone: nobody hears it.
        }
    }
}
