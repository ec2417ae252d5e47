using System.Buffers.Binary;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.Grpc;

namespace Latecomer.Tests.Integration.Grpc;

/// <summary>The Connect protocol's streaming form, byte by byte over HTTP/1.1: who knows only that address can follow a node.</summary>
public sealed class ConnectStreamTests : IAsyncLifetime
{
    private const string ContentType = "application/connect+json";
    private const byte End = 2;

    private readonly HttpClient _http = new() { Timeout = Liveness.Bound };
    private EchoServer _server = null!;

    public async Task InitializeAsync() => _server = await EchoServer.Start();

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Responses_come_each_with_its_length_and_then_the_end()
    {
        using var answer = await Ask(Enveloped(0, """{"text": "hällo", "times": 3}"""));
        answer.Content.Headers.ContentType!.MediaType.ShouldBe(ContentType);
        await using var body = await answer.Content.ReadAsStreamAsync();
        for (var response = 0; response < 3; response++)
        {
            var (flag, json) = await Next(body);
            (flag, json.GetProperty("text").GetString()).ShouldBe(((byte)0, "hällo"));
        }

        var (last, end) = await Next(body);
        last.ShouldBe(End);
        end.TryGetProperty("error", out _).ShouldBeFalse();
        (await body.ReadAsync(new byte[1])).ShouldBe(0, "nothing comes after the end");
    }

    [Fact]
    public async Task A_response_comes_before_the_stream_ends_and_leaving_ends_the_call()
    {
        using (var answer = await Ask(Enveloped(0, """{"text": "on and on", "endless": true}""")))
        {
            await using var body = await answer.Content.ReadAsStreamAsync();
            (await Next(body)).Flag.ShouldBe((byte)0);
            (await Next(body)).Flag.ShouldBe((byte)0);
        }

        await _server.Service.NextLeft();
    }

    [Theory]
    [InlineData("invalid_argument", 0, "{")]
    [InlineData("invalid_argument", 1, "{}")]
    [InlineData("deadline_exceeded", 0, """{"times": 1, "waits": true}""", "connect-timeout-ms", "1000")]
    [InlineData("unimplemented", 0, "{}", "content-encoding", "gzip")]
    public async Task What_is_wrong_is_told_at_the_end(string code, byte flag, string request, string? header = null, string value = "")
    {
        using var answer = await Ask(Enveloped(flag, request), header, value);
        await using var body = await answer.Content.ReadAsStreamAsync();
        var next = await Next(body);
        while (next.Flag == 0)
        {
            next = await Next(body);
        }

        next.Flag.ShouldBe(End);
        next.Json.GetProperty("error").GetProperty("code").GetString().ShouldBe(code);
    }

    [Fact]
    public async Task A_length_that_is_not_the_bodys_is_refused()
    {
        using var answer = await Ask([.. Enveloped(0, "{}"), .. "more"u8]);
        await using var body = await answer.Content.ReadAsStreamAsync();
        (await Next(body)).Json.GetProperty("error").GetProperty("code").GetString().ShouldBe("invalid_argument");
    }

    private static byte[] Enveloped(byte flag, string json)
    {
        var text = Encoding.UTF8.GetBytes(json);
        var message = new byte[5 + text.Length];
        message[0] = flag;
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), text.Length);
        text.CopyTo(message, 5);
        return message;
    }

    private static async Task<(byte Flag, JsonElement Json)> Next(Stream body)
    {
        var prefix = new byte[5];
        await body.ReadExactlyAsync(prefix);
        var message = new byte[BinaryPrimitives.ReadInt32BigEndian(prefix.AsSpan(1))];
        await body.ReadExactlyAsync(message);
        return (prefix[0], JsonDocument.Parse(message).RootElement);
    }

    private async Task<HttpResponseMessage> Ask(byte[] body, string? header = null, string value = "")
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, new Uri(_server.Http, "/latecomer.tests.Echo/Repeat")) { Content = new ByteArrayContent(body) };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue(ContentType);
        if (header == "content-encoding")
        {
            message.Content.Headers.ContentEncoding.Add(value);
        }
        else if (header is not null)
        {
            message.Headers.Add(header, value);
        }

        return await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
    }
}
