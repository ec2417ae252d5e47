using System.Net;
using Latecomer.Grpc;
using Latecomer.Tests.Testing.Grpc;

namespace Latecomer.Tests.Integration.Grpc;

/// <summary>What is no call, or not as it should be, gets the status that the protocol has for it.</summary>
public sealed class BadRequestTests : IAsyncLifetime
{
    private const string Say = "/latecomer.tests.Echo/Say";

    private readonly FaultLog _log = new();
    private EchoServer _server = null!;
    private HttpClient _http = null!;

    public async Task InitializeAsync()
    {
        _server = await EchoServer.Start(s => s with { MostRequestBytes = 1000 }, _log);
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = _server.Grpc };
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
        _log.Faults.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(StatusCode.Ok, new byte[] { 0, 0, 0, 0, 0 })]
    [InlineData(StatusCode.Unimplemented, new byte[0])]
    [InlineData(StatusCode.Unimplemented, new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(StatusCode.Internal, new byte[] { 0, 0, 0 })]
    [InlineData(StatusCode.Internal, new byte[] { 0, 0, 0, 0, 9, 1 })]
    [InlineData(StatusCode.Internal, new byte[] { 7, 0, 0, 0, 0 })]
    [InlineData(StatusCode.Internal, new byte[] { 1, 0, 0, 0, 0 })]
    [InlineData(StatusCode.Internal, new byte[] { 0, 0, 0, 0, 2, 0x0a, 0x7f })]
    [InlineData(StatusCode.ResourceExhausted, new byte[] { 0, 0, 0, 4, 0 })]
    [InlineData(StatusCode.ResourceExhausted, new byte[] { 0, 0xff, 0xff, 0xff, 0xff })]
    public async Task A_frame_is_judged(StatusCode status, byte[] body) => await Answered(new RawCall(Say, body), status);

    [Theory]
    [InlineData(StatusCode.Unimplemented, "grpc-encoding", "br")]
    [InlineData(StatusCode.Ok, "grpc-encoding", "identity")]
    [InlineData(StatusCode.Ok, "grpc-accept-encoding", "br,deflate")]
    [InlineData(StatusCode.InvalidArgument, "grpc-timeout", "1")]
    [InlineData(StatusCode.InvalidArgument, "grpc-timeout", "123456789S")]
    [InlineData(StatusCode.Ok, "grpc-timeout", "99999999H")]
    [InlineData(StatusCode.DeadlineExceeded, "grpc-timeout", "0n")]
    [InlineData(StatusCode.InvalidArgument, "x-echo-bin", "no base64!")]
    public async Task Headers_are_judged(StatusCode status, string name, string value) =>
        await Answered(new RawCall(Say, RawCall.Frame()) { Headers = new Dictionary<string, string>(StringComparer.Ordinal) { [name] = value } }, status);

    [Theory]
    [InlineData("/latecomer.tests.Echo/Nothing")]
    [InlineData("/latecomer.tests.Nothing/Say")]
    [InlineData("/latecomer.tests.Echo/say")]
    [InlineData("/latecomer.tests.Echo/Say/")]
    [InlineData("/")]
    public async Task A_method_that_is_not_there_is_unimplemented(string path) => await Answered(new RawCall(path, RawCall.Frame()), StatusCode.Unimplemented);

    [Theory]
    [InlineData(200, "application/grpc+proto")]
    [InlineData(200, "application/grpc;charset=utf-8")]
    [InlineData(415, "application/grpc+json")]
    [InlineData(415, "application/grpc-web")]
    [InlineData(415, "application/grpcx")]
    [InlineData(415, "text/html")]
    [InlineData(415, "")]
    public async Task A_content_type_is_judged(int status, string type) =>
        (await new RawCall(Say, RawCall.Frame()) { ContentType = type }.Send(_http)).Http.ShouldBe(status);

    [Theory]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Only_post_calls(string method) => (await new RawCall(Say, RawCall.Frame()) { Method = method }.Send(_http)).Http.ShouldBe(405);

    [Fact]
    public async Task A_caller_that_never_ends_its_request_meets_its_deadline()
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, Say)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new EndlessContent(),
        };
        message.Headers.Add("grpc-timeout", "200m");
        using var answer = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
        answer.Headers.GetValues("grpc-status").ShouldBe(["4"]);
    }

    private async Task Answered(RawCall call, StatusCode status)
    {
        var answer = await call.Send(_http);
        (answer.Http, (StatusCode?)answer.Grpc).ShouldBe((200, status), answer.Message);
    }

    /// <summary>Two bytes of a frame, and nothing more.</summary>
    private sealed class EndlessContent : HttpContent
    {
        public EndlessContent() => Headers.TryAddWithoutValidation("content-type", "application/grpc");

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await stream.WriteAsync(new byte[2], cancellationToken);
            await stream.FlushAsync(cancellationToken);
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
