using System.Net;
using System.Net.Sockets;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.Integration.Grpc;

/// <summary>What this process holds, for tests that run alone in it: whatever served them leaves nothing behind.</summary>
internal sealed class ThisProcess
{
    private const int FewHandles = 10;

    private readonly int _handles = Handles();
    private readonly long _memory = GC.GetTotalMemory(forceFullCollection: true);

    /// <summary>Waits until it holds about as much again as when this was made. Connections are closed by both sides in their own time; nothing tells when the
    /// last of them is gone.</summary>
    public async Task Returns(int bytes)
    {
        await Returns(() => Handles() <= _handles + FewHandles, () => $"{_handles} handles before, {Handles()} after");
        await Returns(() => GC.GetTotalMemory(forceFullCollection: true) <= _memory + bytes, () => $"{_memory} bytes before, {GC.GetTotalMemory(true)} after");
    }

    /// <summary>Sends bytes to a port and reads to the end, whichever side makes it.</summary>
    public static async Task Connect(Uri server, byte[] bytes)
    {
        using var liveness = new CancellationTokenSource(Liveness.Bound);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Port, liveness.Token);
        await using var stream = client.GetStream();
        try
        {
            await stream.WriteAsync(bytes, liveness.Token);
            client.Client.Shutdown(SocketShutdown.Send);
            await stream.CopyToAsync(Stream.Null, liveness.Token);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // The server may close first.
        }
    }

    private static int Handles() => Directory.GetFiles("/proc/self/fd").Length;

    // Connections are closed by both sides in their own time; nothing tells when the last of them is gone.
    private static async Task Returns(Func<bool> has, Func<string> story)
    {
        using var liveness = new CancellationTokenSource(Liveness.Bound);
        while (!has())
        {
            liveness.IsCancellationRequested.ShouldBeFalse(story());
            await Task.Delay(50);
        }
    }
}
