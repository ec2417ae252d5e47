using System.Text;
using Google.Protobuf;
using Latecomer.Grpc;
using Latecomer.Grpc.Protocol;
using Latecomer.Tests.Testing;
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
        var process = new ThisProcess();

        await Play(server, 500, Requests);

        log.Faults.ShouldBeEmpty();
        await process.Returns(16 << 20);
        await Answers(server);
    }

    [Fact]
    public async Task A_thousand_mutated_connections_end_and_the_server_still_answers()
    {
        var log = new FaultLog();
        await using var server = await EchoServer.Start(log: log);
        await ThisProcess.Connect(server.Grpc, Http2Bytes.Call("/latecomer.tests.Echo/Say", RawCall.Frame(new EchoRequest { Text = "hello" }.ToByteArray())));
        var process = new ThisProcess();
        await Parallel.ForAsync(0, Connections, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) =>
        {
            var random = new Random(Seed + i);
            await ThisProcess.Connect(server.Grpc, Mutations.Of(Http2Bytes.Call("/latecomer.tests.Echo/Say", RawCall.Frame(new EchoRequest { Text = "hello" }.ToByteArray())), random));
        });
        log.Faults.ShouldBeEmpty();
        await process.Returns(16 << 20);
        await Answers(server);
    }

    private static async Task Play(EchoServer server, int from, int to)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = server.Grpc, Timeout = Liveness.Bound };
        await Parallel.ForAsync(from, to, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) =>
        {
            var random = new Random(Seed + i);
            var call = Mutations.Of(Valid[random.Next(Valid.Length)], random);
            var answer = await call.Send(http);
            Mutations.IsProper(call, answer).ShouldBeTrue($"seed {Seed + i}: {answer} to {call}");
        });
    }

    private static async Task Answers(EchoServer server)
    {
        using var channel = new RpcChannel(server.Grpc);
        var say = EchoReflection.Descriptor.Services[0].FindMethodByName("Say");
        (await channel.Call<EchoResponse>(say, new EchoRequest { Text = "still here" })).Text.ShouldBe("still here");
    }
}
