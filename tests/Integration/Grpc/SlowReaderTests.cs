using Latecomer.Grpc;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.Grpc;

namespace Latecomer.Tests.Integration.Grpc;

/// <summary>Flow control: a caller that does not read holds the handler back, not its responses in memory.</summary>
public sealed class SlowReaderTests
{
    private const int MessageBytes = 64 * 1024;

    // What the client takes unread grows to 16 MiB; the rest is the server's and the system's.
    private const int MostInFlight = 18 * 16;

    private static readonly TimeSpan Still = TimeSpan.FromMilliseconds(300);

    [Fact]
    public async Task A_caller_that_does_not_read_is_waited_for()
    {
        await using var server = await EchoServer.Start();
        using var channel = new RpcChannel(server.Grpc);
        var request = new RepeatRequest { Text = "slow", Endless = true, PayloadBytes = MessageBytes };
        await using (var stream = channel.Stream<EchoResponse>(EchoReflection.Descriptor.Services[0].FindMethodByName("Repeat"), request).GetAsyncEnumerator())
        {
            for (var read = 1; read <= 3; read++)
            {
                (await stream.MoveNextAsync()).ShouldBeTrue();
                (await Settled(server)).ShouldBeInRange(read - 1, read + MostInFlight);
            }

            for (var read = 0; read < 2 * MostInFlight; read++)
            {
                (await stream.MoveNextAsync()).ShouldBeTrue();
            }
        }

        (await server.Service.NextLeft()).ShouldBe("slow");
    }

    // That nothing more is sent can only be seen by looking for a while.
    private static async Task<int> Settled(EchoServer server)
    {
        using var liveness = new CancellationTokenSource(Liveness.Bound);
        while (true)
        {
            var before = server.Service.Sent;
            await Task.Delay(Still, liveness.Token);
            if (server.Service.Sent == before)
            {
                return before;
            }
        }
    }
}
