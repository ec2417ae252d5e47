using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Latecomer.Tests.Integration.Grpc;

/// <summary>A request over HTTP/2 as nobody would send it on purpose.</summary>
internal sealed record RawCall(string Path, byte[] Body)
{
    private const int MostRead = 1 << 20;

    public string Method { get; init; } = "POST";

    public string ContentType { get; init; } = "application/grpc";

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>A frame around bytes.</summary>
    public static byte[] Frame(params byte[] message) => [0, (byte)(message.Length >> 24), (byte)(message.Length >> 16), (byte)(message.Length >> 8), (byte)message.Length, .. message];

    /// <summary>Whether it says that it is gRPC, and so gets a status of that.</summary>
    public bool IsGrpc() => ContentType == "application/grpc";

    /// <summary>What came: <c>200</c> and a status of gRPC, or the status of HTTP alone. A stream without end is left.</summary>
    public async Task<RawAnswer> Send(HttpClient http)
    {
        using var message = new HttpRequestMessage(new HttpMethod(Method), Path)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(Body),
        };
        message.Content.Headers.TryAddWithoutValidation("content-type", ContentType);
        foreach (var (name, value) in Headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
        await using var body = await answer.Content.ReadAsStreamAsync();
        var buffer = new byte[8192];
        var read = 0;
        while (await body.ReadAsync(buffer) is > 0 and var count)
        {
            if ((read += count) > MostRead)
            {
                return new RawAnswer((int)answer.StatusCode, Grpc: null, "") { IsEndless = true };
            }
        }

        return new RawAnswer((int)answer.StatusCode, Status(answer.TrailingHeaders) ?? Status(answer.Headers), Text(answer.TrailingHeaders) ?? Text(answer.Headers) ?? "");
    }

    private static int? Status(HttpResponseHeaders headers) =>
        headers.TryGetValues("grpc-status", out var values) ? int.Parse(values.Single(), CultureInfo.InvariantCulture) : null;

    private static string? Text(HttpResponseHeaders headers) => headers.TryGetValues("grpc-message", out var values) ? values.Single() : null;
}

/// <summary>What came.</summary>
/// <param name="Http">The status of HTTP.</param>
/// <param name="Grpc">The status of gRPC, if there was one.</param>
/// <param name="Message">What it says.</param>
internal sealed record RawAnswer(int Http, int? Grpc, string Message)
{
    public bool IsEndless { get; init; }
}
