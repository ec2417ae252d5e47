using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.Grpc;

namespace Latecomer.Tests.Integration.Grpc;

/// <summary>The Connect protocol's unary form, as curl speaks it, on both ports.</summary>
public sealed class ConnectTests : IAsyncLifetime
{
    private static readonly string[] Json = ["-H", "content-type: application/json"];

    private EchoServer _server = null!;

    public async Task InitializeAsync() => _server = await EchoServer.Start();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_call_is_json_over_post_by_http_1_and_2()
    {
        string[] call = [.. Json, "-d", """{"text": "hällo"}"""];
        (await ForeignClient.Curl(At("Say"), call)).ShouldBe((200, """{ "text": "hällo" }"""));
        (await ForeignClient.Curl(new Uri(_server.Grpc, "/latecomer.tests.Echo/Say"), ["--http2-prior-knowledge", .. call])).ShouldBe((200, """{ "text": "hällo" }"""));
    }

    [Fact]
    public async Task An_empty_body_is_an_empty_request() => (await ForeignClient.Curl(At("Say"), [.. Json, "-d", ""])).ShouldBe((200, "{ }"));

    [Fact]
    public async Task An_error_carries_code_message_and_details()
    {
        var (status, body) = await ForeignClient.Curl(At("Fail"), [.. Json, "-d", """{"code": 5, "message": "there is none", "field": "name"}"""]);
        status.ShouldBe(404);
        var error = JsonDocument.Parse(body).RootElement;
        error.GetProperty("code").GetString().ShouldBe("not_found");
        error.GetProperty("message").GetString().ShouldBe("there is none");
        error.GetProperty("details")[0].GetProperty("debug").GetProperty("fieldViolations")[0].GetProperty("field").GetString().ShouldBe("name");
    }

    [Theory]
    [InlineData(404, "unimplemented", "NoSuch", "{}")]
    [InlineData(400, "invalid_argument", "Say", "{")]
    [InlineData(400, "invalid_argument", "Say", "[]")]
    [InlineData(400, "invalid_argument", "Say", "{\"texd\": 1}")]
    [InlineData(400, "invalid_argument", "Say", "{\"payload\": \"no base64!\"}")]
    [InlineData(400, "invalid_argument", "Say", "{}", "connect-protocol-version: 2")]
    [InlineData(400, "invalid_argument", "Say", "{}", "connect-timeout-ms: soon")]
    [InlineData(504, "deadline_exceeded", "Wait", "{}", "connect-timeout-ms: 50")]
    [InlineData(501, "unimplemented", "Say", "{}", "content-encoding: br")]
    [InlineData(400, "invalid_argument", "Say", "{}", "content-encoding: gzip")]
    [InlineData(500, "internal", "Fail", "{\"byFault\": true}")]
    [InlineData(499, "canceled", "Fail", "{\"code\": 1}")]
    public async Task What_is_wrong_gets_its_status(int status, string code, string method, string body, string header = "x-none: x")
    {
        var answer = await ForeignClient.Curl(At(method), [.. Json, "-H", header, "-d", body]);
        (answer.Status, JsonDocument.Parse(answer.Body).RootElement.GetProperty("code").GetString()).ShouldBe((status, code));
    }

    [Fact]
    public async Task What_is_no_call_gets_a_status_of_http()
    {
        (await ForeignClient.Curl(At("Say"))).Status.ShouldBe(405);
        (await ForeignClient.Curl(At("Say"), "-H", "content-type: text/plain", "-d", "{}")).Status.ShouldBe(415);
        (await ForeignClient.Curl(At("Repeat"), [.. Json, "-d", "{}"])).Status.ShouldBe(415, "streams are called by gRPC");
        (await ForeignClient.Curl(At("Say"), "-H", "content-type: application/grpc", "-d", "")).Status.ShouldBe(505, "HTTP/1.1 carries no gRPC");
    }

    [Fact]
    public async Task A_request_beyond_the_limit_is_refused_compressed_or_not()
    {
        using var folder = new TemporaryFolder();
        var large = Encoding.UTF8.GetBytes($$"""{"text": "{{new string('x', 17 << 20)}}"}""");
        var (plain, gzip) = (Path.Combine(folder.Path, "plain"), Path.Combine(folder.Path, "gzip"));
        await File.WriteAllBytesAsync(plain, large);
        await File.WriteAllBytesAsync(gzip, Zip(large));
        (await ForeignClient.Curl(At("Say"), [.. Json, "-H", "expect:", "--data-binary", $"@{plain}"])).Status.ShouldBe(429);
        (await ForeignClient.Curl(At("Say"), [.. Json, "-H", "content-encoding: gzip", "--data-binary", $"@{gzip}"])).Status.ShouldBe(429);
    }

    [Theory]
    [InlineData("Say", "application/json", false, 429)]
    [InlineData("Say", "application/json", true, 429)]
    [InlineData("Say", "text/plain", false, 415)]
    [InlineData("NoSuch", "application/json", false, 404)]
    [InlineData("NoSuch", "application/json", true, 404)]
    public async Task A_caller_that_sends_all_before_it_reads_gets_an_answer(string method, string type, bool isChunked, int status)
    {
        const int Chunk = 1 << 20;
        const int Chunks = 40;
        using var liveness = new CancellationTokenSource(Liveness.Bound);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _server.Http.Port, liveness.Token);
        await using var stream = client.GetStream();
        var length = isChunked ? "transfer-encoding: chunked" : $"content-length: {Chunks * Chunk}";
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /latecomer.tests.Echo/{method} HTTP/1.1\r\nhost: localhost\r\ncontent-type: {type}\r\n{length}\r\n\r\n"), liveness.Token);
        var body = new byte[Chunk];
        Array.Fill(body, (byte)' ');
        for (var sent = 0; sent < Chunks; sent++)
        {
            await stream.WriteAsync(isChunked ? [.. "100000\r\n"u8, .. body, .. "\r\n"u8] : body, liveness.Token);
        }

        await stream.WriteAsync(isChunked ? "0\r\n\r\n"u8.ToArray() : [], liveness.Token);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        (await reader.ReadLineAsync(liveness.Token)).ShouldNotBeNull().ShouldStartWith($"HTTP/1.1 {status} ");
    }

    [Fact]
    public async Task Gzip_goes_both_ways()
    {
        using var http = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None });
        using var content = new ByteArrayContent(Zip(Encoding.UTF8.GetBytes($$"""{"text": "{{new string('x', 100_000)}}"}""")));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.ContentEncoding.Add("gzip");
        http.DefaultRequestHeaders.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
        using var answer = await http.PostAsync(At("Say"), content);
        answer.Content.Headers.ContentEncoding.ShouldBe(["gzip"]);
        await using var unzipped = new GZipStream(await answer.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        (await JsonDocument.ParseAsync(unzipped)).RootElement.GetProperty("text").GetString()!.Length.ShouldBe(100_000);
    }

    [Fact]
    public async Task Metadata_travels_in_headers()
    {
        using var http = new HttpClient();
        using var content = new StringContent("{}", Encoding.UTF8, "application/json");
        content.Headers.Add("x-echo", "there and back");
        using var answer = await http.PostAsync(At("Say"), content);
        answer.Headers.GetValues("x-echo").ShouldBe(["there and back"]);
        answer.Headers.GetValues("trailer-x-echo-end").ShouldBe(["there and back"]);
    }

    internal static byte[] Zip(byte[] plain)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionMode.Compress))
        {
            gzip.Write(plain);
        }

        return target.ToArray();
    }

    private Uri At(string method) => new(_server.Http, $"/latecomer.tests.Echo/{method}");
}
