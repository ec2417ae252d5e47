using Google.Protobuf;
using Google.Protobuf.Reflection;
using Latecomer.Grpc;
using Latecomer.Grpc.Protocol;
using Latecomer.Tests.Testing.Grpc;

namespace Latecomer.Tests.Integration.Grpc;

/// <summary>Our client against our server, and what filters see.</summary>
public sealed class ChannelTests : IAsyncLifetime
{
    private static readonly ServiceDescriptor Echo = EchoReflection.Descriptor.Services[0];

    private readonly List<string> _audit = [];
    private EchoServer _server = null!;
    private RpcChannel _channel = null!;

    public async Task InitializeAsync()
    {
        _server = await EchoServer.Start(settings => settings with { Filters = [Audit, Authorize], Translate = e => e is InvalidOperationException ? new Status(StatusCode.Aborted, e.Message) : null });
        _channel = new RpcChannel(_server.Grpc);
    }

    public async Task DisposeAsync()
    {
        _channel.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(5_000_000, false)]
    [InlineData(5_000_000, true)]
    public async Task A_call_comes_back(int bytes, bool compress)
    {
        var request = new EchoRequest { Text = "x", Payload = ByteString.CopyFrom(new byte[bytes]) };
        (await Say(request, new CallOptions { Compress = compress })).Payload.Length.ShouldBe(bytes);
    }

    [Fact]
    public async Task Metadata_goes_there_and_back()
    {
        Metadata? headers = null, trailers = null;
        var options = new CallOptions { Metadata = new Metadata { { "x-echo", "a" } }, OnHeaders = m => headers = m, OnTrailers = m => trailers = m };
        options.Metadata.Add("x-echo-bin", [1, 2]);
        await Say(new EchoRequest(), options);
        (headers!["x-echo"], trailers!["x-echo-end"]).ShouldBe(("a", "a"));
        trailers.Bytes("x-echo-end-bin").ShouldBe([1, 2]);
    }

    [Fact]
    public async Task An_error_carries_its_details()
    {
        var status = await Failed(() => Call<EchoResponse>("Fail", new FailRequest { Code = 3, Message = "böse", Field = "name" }));
        (status.Code, status.Message, status.Detail<BadRequest>()!.FieldViolations.Single().Field).ShouldBe((StatusCode.InvalidArgument, "böse", "name"));
    }

    [Fact]
    public async Task A_deadline_ends_the_call_on_both_sides()
    {
        await Say(new EchoRequest(), new CallOptions());
        (await Failed(() => Call<EchoResponse>("Wait", new EchoRequest { Text = "waiting" }, new CallOptions { Timeout = TimeSpan.FromSeconds(3) }))).Code.ShouldBe(StatusCode.DeadlineExceeded);
        (await _server.Service.NextLeft()).ShouldBe("waiting");
    }

    [Fact]
    public async Task Leaving_a_stream_ends_it_at_the_server()
    {
        await foreach (var _ in _channel.Stream<EchoResponse>(Echo.FindMethodByName("Repeat"), new RepeatRequest { Text = "endless", Endless = true }))
        {
            break;
        }

        (await _server.Service.NextLeft()).ShouldBe("endless");
    }

    [Fact]
    public async Task Two_hundred_streams_at_once_get_everything()
    {
        var repeat = Echo.FindMethodByName("Repeat");
        var counts = await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            var count = 0;
            await foreach (var response in _channel.Stream<EchoResponse>(repeat, new RepeatRequest { Text = $"{i}", Times = 50, PayloadBytes = 2000 }))
            {
                response.Text.ShouldBe($"{i}");
                count++;
            }

            return count;
        }));
        counts.ShouldAllBe(count => count == 50);
    }

    [Fact]
    public async Task A_callers_token_cancels()
    {
        using var stop = new CancellationTokenSource();
        var call = Call<EchoResponse>("Wait", new EchoRequest { Text = "stopped" }, new CallOptions(), stop.Token);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task A_stream_that_stops_with_the_server_is_unavailable()
    {
        await using var stream = _channel.Stream<HealthCheckResponse>(HealthService.Descriptor.FindMethodByName("Watch"), new HealthCheckRequest()).GetAsyncEnumerator();
        await stream.MoveNextAsync();
        _server.IsServing = false;
        (await stream.MoveNextAsync()).ShouldBeTrue();
        stream.Current.Status.ShouldBe(HealthCheckResponse.Types.ServingStatus.NotServing, "a watch tells of changes");
        var next = stream.MoveNextAsync().AsTask();
        await _server.DisposeAsync();
        (await Failed(() => next)).Code.ShouldBe(StatusCode.Unavailable);
    }

    [Fact]
    public async Task Nobody_at_the_address_is_unavailable()
    {
        using var nobody = new RpcChannel(new Uri("http://127.0.0.1:1"));
        (await Failed(() => nobody.Call<EchoResponse>(Echo.FindMethodByName("Say"), new EchoRequest()))).Code.ShouldBe(StatusCode.Unavailable);
    }

    [Fact]
    public async Task Filters_refuse_and_record_whatever_happens()
    {
        (await Failed(() => Say(new EchoRequest { Text = "a" }, new CallOptions { Metadata = new Metadata { { "x-deny", "yes" } } }))).Code.ShouldBe(StatusCode.PermissionDenied);
        (await Failed(() => Call<EchoResponse>("Fail", new FailRequest { ByFault = true, Message = "busy" }))).ShouldBe(new Status(StatusCode.Aborted, "busy"));
        await Say(new EchoRequest { Text = "b" }, new CallOptions());
        lock (_audit)
        {
            _audit.ShouldBe([
                "Say from 127.0.0.1: PermissionDenied ",
                """Fail from 127.0.0.1: Aborted { "message": "busy", "byFault": true }""",
                """Say from 127.0.0.1: Ok { "text": "b" }"""]);
        }
    }

    private static Task<Status> Authorize(RpcCall call, Func<Task<Status>> next) =>
        call.Metadata["x-deny"] is null ? next() : Task.FromResult(new Status(StatusCode.PermissionDenied, "no"));

    private static async Task<Status> Failed(Func<Task> call) => (await Should.ThrowAsync<RpcException>(call)).Status;

    private async Task<Status> Audit(RpcCall call, Func<Task<Status>> next)
    {
        var status = await next();
        lock (_audit)
        {
            _audit.Add($"{call.Method.Name} from {call.Peer.Address?.Address}: {status.Code} {call.Request}");
        }

        return status;
    }

    private Task<EchoResponse> Say(EchoRequest request, CallOptions options) => Call<EchoResponse>("Say", request, options);

    private Task<TResponse> Call<TResponse>(string method, IMessage request, CallOptions? options = null, CancellationToken cancellation = default)
        where TResponse : class, IMessage<TResponse> => _channel.Call<TResponse>(Echo.FindMethodByName(method), request, options, cancellation);
}
