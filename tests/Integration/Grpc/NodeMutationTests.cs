using Google.Protobuf.Reflection;
using Latecomer.Grpc;
using Latecomer.Grpc.Protocol;
using Latecomer.Node.Protocol;
using Latecomer.Tests.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Latecomer.Tests.Integration.Grpc;

/// <summary>A node's whole API under requests that are valid, nearly valid, or none at all: each gets a status, none is a fault of the node, and nothing stays behind.
/// What the API grows by joins by itself.</summary>
[Collection(nameof(MutationTests.Alone))]
public sealed class NodeMutationTests : IAsyncLifetime
{
    private const int Seed = 20260201;
    private const int WarmUp = 500;
    private const int Requests = 10_000;
    private const int Connections = 300;
    private const int AtOnce = 8;

    // Pipelines and partitions that mutations made stay for a while.
    private const int BytesOfActors = 48 << 20;

    private static readonly MethodDescriptor[] Methods =
    [
        .. new[]
        {
            BackfillsReflection.Descriptor, ClusterReflection.Descriptor, PartitionsReflection.Descriptor, PipelinesReflection.Descriptor, RunsReflection.Descriptor,
            TablesReflection.Descriptor, HealthReflection.Descriptor, ReflectionReflection.Descriptor,
        }.SelectMany(file => file.Services).SelectMany(service => service.Methods),
    ];

    private readonly Faults _faults = new();
    private ServedNode _node = null!;
    private HttpClient _http = null!;
    private int _did;

    public async Task InitializeAsync()
    {
        _node = await ServedNode.Start(_faults);
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = _node.Host.GrpcAddress, Timeout = Liveness.Bound };
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _node.DisposeAsync();
        _faults.Dispose();
    }

    [Fact]
    public async Task Every_method_judges_what_is_no_request_of_it()
    {
        foreach (var method in Methods)
        {
            var path = $"/{method.Service.FullName}/{method.Name}";
            var isOneRequest = !method.IsClientStreaming;
            await Answers(new RawCall(path, []), isOneRequest ? StatusCode.Unimplemented : StatusCode.Ok);
            await Answers(new RawCall(path, [0, 0, 0]), StatusCode.Internal);
            await Answers(new RawCall(path, [0, 0, 0, 0, 9, 1]), StatusCode.Internal);
            await Answers(new RawCall(path, [7, 0, 0, 0, 0]), StatusCode.Internal);
            await Answers(new RawCall(path, RawCall.Frame(0xff, 0xff)), StatusCode.Internal);
            await Answers(new RawCall(path, [0, 0, 0x20, 0, 0]), StatusCode.ResourceExhausted);
            await Answers(new RawCall($"{path}x", RawCall.Frame()), StatusCode.Unimplemented);
            (await new RawCall(path, RawCall.Frame()) { ContentType = "text/html" }.Send(_http)).Http.ShouldBe(415, path);
            (await new RawCall(path, RawCall.Frame()) { ContentType = "application/grpc+json" }.Send(_http)).Http.ShouldBe(415, path);
            (await new RawCall(path, RawCall.Frame()) { Method = "PUT" }.Send(_http)).Http.ShouldBe(405, path);
        }
    }

    [Fact]
    public async Task Ten_thousand_mutated_requests_get_a_status_each_and_leave_nothing_behind()
    {
        await Play(0, WarmUp);
        var process = new ThisProcess();
        await Play(WarmUp, Requests);
        await StillServes();
        _did.ShouldBeGreaterThan(Requests / 50, "too few of them came as far as what the node does");
        _http.Dispose();
        await process.Returns(BytesOfActors);
    }

    [Fact]
    public async Task Mutated_connections_end_and_the_node_still_answers()
    {
        var process = new ThisProcess();
        await Parallel.ForAsync(0, Connections, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) =>
        {
            var random = new Random(Seed + i);
            var call = new RandomRequests(random).Call(Methods[i % Methods.Length]);
            await ThisProcess.Connect(_node.Host.GrpcAddress, Mutations.Of(Http2Bytes.Call(call.Path, call.Body), random));
        });
        await StillServes();
        await process.Returns(BytesOfActors);
    }

    private Task Play(int from, int to) => Parallel.ForAsync(from, to, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) =>
    {
        var random = new Random(Seed + i);
        var call = new RandomRequests(random).Call(Methods[random.Next(Methods.Length)]);
        call = random.Next(4) == 0 ? call : Patient(Mutations.Of(call, random), call);
        var answer = await Waited(call.Send(_http), $"seed {Seed + i}: {call.Path}");
        Mutations.IsProper(call, answer).ShouldBeTrue($"seed {Seed + i}: {answer} to {call}");
        answer.Grpc.ShouldNotBe((int)StatusCode.Unknown, $"seed {Seed + i}: {answer} to {call}");
        Interlocked.Add(ref _did, answer.Grpc == (int)StatusCode.Ok ? 1 : 0);
    });

    private static async Task<RawAnswer> Waited(Task<RawAnswer> answer, string what)
    {
        try
        {
            return await answer.WaitAsync(Liveness.Bound);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{what} was not answered.", e);
        }
    }

    // A watch without a deadline has no end.
    private static RawCall Patient(RawCall mutated, RawCall call) => mutated with { Headers = call.Headers.Concat(mutated.Headers).DistinctBy(h => h.Key).ToDictionary(StringComparer.Ordinal) };

    private async Task Answers(RawCall call, StatusCode status)
    {
        var answer = await call.Send(_http);
        (answer.Http, (StatusCode?)answer.Grpc).ShouldBe((200, status), $"{call.Path} {Convert.ToHexString(call.Body)}: {answer.Message}");
    }

    private async Task StillServes()
    {
        _faults.Log.Faults.ShouldBeEmpty();
        using var channel = new RpcChannel(_node.Host.GrpcAddress);
        var shown = await channel.Call<ShowClusterResponse>(ClusterReflection.Descriptor.Services[0].FindMethodByName("Show"), new ShowClusterRequest());
        shown.DeadLetters.ShouldBe(0, "a turn failed for good");
        (await channel.Call<HealthCheckResponse>(HealthService.Descriptor.FindMethodByName("Check"), new HealthCheckRequest()))
            .Status.ShouldBe(HealthCheckResponse.Types.ServingStatus.Serving);
    }

    /// <summary>Hears of the faults of calls alone.</summary>
    private sealed class Faults : ILoggerFactory
    {
        public FaultLog Log { get; } = new();

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public ILogger CreateLogger(string categoryName) => categoryName == typeof(RpcEndpoint).FullName ? Log : NullLogger.Instance;

        public void Dispose()
        {
        }
    }
}
