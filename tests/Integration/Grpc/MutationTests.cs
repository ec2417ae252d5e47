using System.Net;
using System.Net.Sockets;
using System.Text;
using Google.Protobuf;
using Latecomer.Grpc;
using Latecomer.Grpc.Protocol;
using Latecomer.Tests.Testing.Grpc;

namespace Latecomer.Tests.Integration.Grpc;

/// <summary>Mutations of valid requests, by a seed: each gets a status, none is a fault of the server, and nothing stays behind.</summary>
[Collection(nameof(Alone))]
public sealed class MutationTests
{
    /// <summary>Handles and memory are the process's: no other test runs meanwhile.</summary>
    [CollectionDefinition(nameof(Alone), DisableParallelization = true)]
    public sealed class Alone;

    private const int Seed = 20260101;
    private const int Requests = 10_000;
    private const int Connections = 1000;
    private const int AtOnce = 8;

    private static readonly TimeSpan Liveness = TimeSpan.FromMinutes(2);

    private static readonly RawCall[] Valid =
    [
        new("/latecomer.tests.Echo/Say", RawCall.Frame(new EchoRequest { Text = "hello", Payload = ByteString.CopyFrom(new byte[40]) }.ToByteArray())),
        new("/latecomer.tests.Echo/Repeat", RawCall.Frame(new RepeatRequest { Text = "again", Times = 3, PayloadBytes = 10 }.ToByteArray())),
        new("/latecomer.tests.Echo/Join", [.. RawCall.Frame(new EchoRequest { Text = "a" }.ToByteArray()), .. RawCall.Frame(new EchoRequest { Text = "b" }.ToByteArray())]),
        new("/latecomer.tests.Echo/Chat", [.. RawCall.Frame(new EchoRequest { Text = "a" }.ToByteArray()), .. RawCall.Frame(new EchoRequest { Text = "b" }.ToByteArray())]),
        new("/grpc.health.v1.Health/Check", RawCall.Frame(new HealthCheckRequest { Service = "latecomer.tests.Echo" }.ToByteArray())),
        new("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", RawCall.Frame(new ServerReflectionRequest { FileByFilename = "echo.proto" }.ToByteArray())),
        new("/latecomer.tests.Echo/Say", Encoding.UTF8.GetBytes("""{"text": "hello", "payload": "AAAA"}""")) { ContentType = "application/json" },
    ];

    [Fact]
    public async Task Ten_thousand_mutated_requests_get_a_status_each_and_leave_nothing_behind()
    {
        var log = new FaultLog();
        await using var server = await EchoServer.Start(s => s with { MostRequestBytes = 4096 }, log);
        await Play(server, 0, 500);
        var (handles, memory) = (Handles(), GC.GetTotalMemory(forceFullCollection: true));

        await Play(server, 500, Requests);

        log.Faults.ShouldBeEmpty();
        await Returns(() => Handles() <= handles + 10, () => $"{handles} handles before, {Handles()} after");
        await Returns(() => GC.GetTotalMemory(forceFullCollection: true) <= memory + (16 << 20), () => $"{memory} bytes before, {GC.GetTotalMemory(true)} after");
        await Answers(server);
    }

    [Fact]
    public async Task A_thousand_mutated_connections_end_and_the_server_still_answers()
    {
        var log = new FaultLog();
        await using var server = await EchoServer.Start(log: log);
        await Connect(server, Http2Bytes.Call("/latecomer.tests.Echo/Say", RawCall.Frame(new EchoRequest { Text = "hello" }.ToByteArray())));
        var handles = Handles();
        await Parallel.ForAsync(0, Connections, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) =>
        {
            var random = new Random(Seed + i);
            await Connect(server, Mutated(Http2Bytes.Call("/latecomer.tests.Echo/Say", RawCall.Frame(new EchoRequest { Text = "hello" }.ToByteArray())), random));
        });
        log.Faults.ShouldBeEmpty();
        await Returns(() => Handles() <= handles + 10, () => $"{handles} handles before, {Handles()} after");
        await Answers(server);
    }

    private static async Task Play(EchoServer server, int from, int to)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = server.Grpc, Timeout = Liveness };
        await Parallel.ForAsync(from, to, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) =>
        {
            var random = new Random(Seed + i);
            var call = Mutated(Valid[random.Next(Valid.Length)], random);
            var answer = await call.Send(http);
            var isProper = answer.IsEndless || answer is { Http: 200, Grpc: >= 0 and <= 16 } || (answer.Http is 200 or (>= 400 and < 600) && answer.Grpc is null && !call.IsGrpc());
            isProper.ShouldBeTrue($"seed {Seed + i}: {answer} to {call}");
        });
    }

    private static RawCall Mutated(RawCall call, Random random) => random.Next(10) switch
    {
        0 => call with { Path = "/" + new string([.. Mutated(Encoding.ASCII.GetBytes(call.Path[1..]), random).Where(b => b is > 32 and < 127 and not (byte)'#' and not (byte)'?' and not (byte)'%').Select(b => (char)b)]) },
        1 => call with { Headers = Header(call, "grpc-timeout", Mutated("20S"u8.ToArray(), random)) },
        2 => call with { Headers = Header(call, "grpc-encoding", random.Next(2) == 0 ? "gzip"u8.ToArray() : Mutated("gzip"u8.ToArray(), random)), Body = Mutated(call.Body, random) },
        3 => call with { Headers = Header(call, "x-echo-bin", Mutated("AAAA"u8.ToArray(), random)) },
        _ => call with { Body = Mutated(call.Body, random) },
    };

    private static Dictionary<string, string> Header(RawCall call, string name, byte[] value) =>
        new(call.Headers, StringComparer.Ordinal) { [name] = new string([.. value.Where(b => b is > 32 and < 127).Select(b => (char)b)]) };

    private static byte[] Mutated(byte[] bytes, Random random)
    {
        var mutated = bytes.ToList();
        for (var left = random.Next(1, 5); left > 0; left--)
        {
            var at = random.Next(mutated.Count + 1);
            switch (random.Next(4))
            {
                case 0 when at < mutated.Count:
                    mutated[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1 when at < mutated.Count:
                    mutated[at] = (byte)random.Next(256);
                    break;
                case 2:
                    mutated.Insert(at, (byte)random.Next(256));
                    break;
                default:
                    mutated.RemoveRange(at, Math.Min(random.Next(1, 8), mutated.Count - at));
                    break;
            }
        }

        return [.. mutated];
    }

    private static async Task Connect(EchoServer server, byte[] bytes)
    {
        using var liveness = new CancellationTokenSource(Liveness);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Grpc.Port, liveness.Token);
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
        using var liveness = new CancellationTokenSource(Liveness);
        while (!has())
        {
            liveness.IsCancellationRequested.ShouldBeFalse(story());
            await Task.Delay(50);
        }
    }

    private static async Task Answers(EchoServer server)
    {
        using var channel = new RpcChannel(server.Grpc);
        var say = EchoReflection.Descriptor.Services[0].FindMethodByName("Say");
        (await channel.Call<EchoResponse>(say, new EchoRequest { Text = "still here" })).Text.ShouldBe("still here");
    }
}
