using System.Net;
using System.Net.Mime;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Latecomer.Node.Cli;

namespace Latecomer.Node.Http;

/// <summary>Calls a node's API as JSON over POST.</summary>
internal sealed class ApiClient : IApi, IDisposable
{
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(false));
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    private readonly HttpClient _http;

    /// <summary>A client of the node at <paramref name="server"/>, which waits for an answer for a minute, or for as long as it is told.</summary>
    public ApiClient(Uri server, TimeSpan? wait = null, string? token = null)
    {
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = !server.IsLoopback })
        {
            BaseAddress = server,
            Timeout = wait ?? TimeSpan.FromMinutes(1),
        };
        if (token is not null)
        {
            _http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        }
    }

    /// <inheritdoc/>
    public async Task<TResponse> Call<TResponse>(string method, IMessage request, CancellationToken cancellation)
        where TResponse : IMessage<TResponse>, new()
    {
        using var content = new StringContent(Formatter.Format(request), Encoding.UTF8, MediaTypeNames.Application.Json);
        var path = new Uri($"/latecomer.v1.{method}", UriKind.Relative);
        var (status, body) = await Answer(() => _http.PostAsync(path, content, cancellation), cancellation);
        return status == HttpStatusCode.OK ? Parser.Parse<TResponse>(body) : throw Refused(status, body);
    }

    /// <summary>Asks how the node is, as <c>/readyz</c> tells it.</summary>
    /// <exception cref="Refusal">It does not answer, or is no node of latecomer.</exception>
    public async Task<NodeHealth> Health(CancellationToken cancellation)
    {
        var (status, body) = await Answer(() => _http.GetAsync(new Uri("/readyz", UriKind.Relative), cancellation), cancellation);
        try
        {
            return NodeHealth.Parse(body);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw NoNode(status, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<(HttpStatusCode Status, string Body)> Answer(Func<Task<HttpResponseMessage>> ask, CancellationToken cancellation)
    {
        try
        {
            using var response = await ask();
            return (response.StatusCode, await response.Content.ReadAsStringAsync(cancellation));
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            throw new Refusal(ExitCode.Unreachable, $"No node answers at {_http.BaseAddress}: start one with 'latecomer node --data DIR', or name another with --server.", e) { MayPass = true };
        }
    }

    private Refusal Refused(HttpStatusCode status, string body)
    {
        try
        {
            using var error = JsonDocument.Parse(body);
            return new Refusal(ExitCode.Failed, error.RootElement.GetProperty("message").GetString()!) { MayPass = status == HttpStatusCode.ServiceUnavailable };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return NoNode(status, e);
        }
    }

    private Refusal NoNode(HttpStatusCode status, Exception because) =>
        new(ExitCode.Unreachable, $"What answers at {_http.BaseAddress} is no node of latecomer: HTTP {(int)status}.", because);
}
