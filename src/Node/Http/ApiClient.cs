using System.Net;
using System.Net.Http.Headers;
using System.Net.Mime;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Latecomer.Node.Cli;
using Latecomer.Node.Tls;

namespace Latecomer.Node.Http;

/// <summary>Calls a node's API as JSON over POST.</summary>
internal sealed class ApiClient : IApi, IDisposable
{
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(false));
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly ClientTls _tls;
    private readonly HttpClient _http;
    private readonly TimeSpan _wait;

    /// <summary>A client of the node at <paramref name="server"/>, which waits for an answer for a minute, or for as long as it is told.</summary>
    public ApiClient(Uri server, TimeSpan? wait = null)
        : this(new Connection(server) { Wait = wait })
    {
    }

    /// <summary>A client of a node, known there by the connection's token.</summary>
    public ApiClient(Connection connection)
    {
        _tls = connection.Tls ?? ClientTls.Open(ca: null, certificate: null, key: null);
        _http = new HttpClient(
            connection.Handler ?? new SocketsHttpHandler { UseProxy = !connection.Server.IsLoopback, SslOptions = _tls.To(connection.Server.Host) }, connection.Handler is null)
        {
            BaseAddress = connection.Server,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _wait = connection.Wait ?? Patience;
        if (connection.Token is { } token)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    /// <inheritdoc/>
    public async Task<TResponse> Call<TResponse>(string method, IMessage request, CancellationToken cancellation)
        where TResponse : IMessage<TResponse>, new()
    {
        using var content = new StringContent(Formatter.Format(request), Encoding.UTF8, MediaTypeNames.Application.Json);
        var (status, body) = await Answer(patience => _http.PostAsync(PathOf(method), content, patience), cancellation);
        return status == HttpStatusCode.OK ? Parser.Parse<TResponse>(body) : throw Refused(status, body);
    }

    /// <summary>Calls a method with a stream of responses, over the same address: the streaming form of the Connect protocol.</summary>
    /// <exception cref="Refusal">It was refused, or the connection broke (it may pass then).</exception>
    public async IAsyncEnumerable<TResponse> Stream<TResponse>(string method, IMessage request, [EnumeratorCancellation] CancellationToken cancellation)
        where TResponse : class, IMessage<TResponse>, new()
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, PathOf(method)) { Content = new ByteArrayContent(ConnectStream.Enveloped(Formatter.Format(request))) };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue(ConnectStream.ContentType);
        using var response = await Begin(message, cancellation);
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        var stream = new ConnectStream(body);
        while (await Next<TResponse>(stream, cancellation) is { } next)
        {
            yield return next;
        }
    }

    /// <summary>Asks how the node is, as <c>/readyz</c> tells it.</summary>
    /// <exception cref="Refusal">It does not answer, or is no node of latecomer.</exception>
    public async Task<NodeHealth> Health(CancellationToken cancellation)
    {
        var (status, body) = await Answer(patience => _http.GetAsync(new Uri("/readyz", UriKind.Relative), patience), cancellation);
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

    private static Uri PathOf(string method) => new($"/latecomer.v1.{method}", UriKind.Relative);

    private async Task<(HttpStatusCode Status, string Body)> Answer(Func<CancellationToken, Task<HttpResponseMessage>> ask, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(_wait);
        try
        {
            using var response = await ask(patience.Token);
            return (response.StatusCode, await response.Content.ReadAsStringAsync(patience.Token));
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            throw Unreachable(e);
        }
    }

    private async Task<HttpResponseMessage> Begin(HttpRequestMessage message, CancellationToken cancellation)
    {
        try
        {
            var response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                return response;
            }

            using (response)
            {
                throw Refused(response.StatusCode, await response.Content.ReadAsStringAsync(cancellation));
            }
        }
        catch (HttpRequestException e)
        {
            throw Unreachable(e);
        }
    }

    private async Task<TResponse?> Next<TResponse>(ConnectStream stream, CancellationToken cancellation)
        where TResponse : class, IMessage<TResponse>, new()
    {
        try
        {
            return await stream.Next<TResponse>(Parser, cancellation);
        }
        catch (Exception e) when (e is IOException or HttpRequestException && !cancellation.IsCancellationRequested)
        {
            throw new Refusal(ExitCode.Unreachable, $"The connection to {_http.BaseAddress} broke off.", e) { MayPass = true };
        }
    }

    private Refusal Unreachable(Exception because) =>
        new(ExitCode.Unreachable, _tls.Explain(because, _http.BaseAddress!) ?? $"No node answers at {_http.BaseAddress}: start one with 'latecomer node --data DIR', or name another with --server.", because) { MayPass = true };

    private Refusal Refused(HttpStatusCode status, string body)
    {
        try
        {
            using var error = JsonDocument.Parse(body);
            return new Refusal(ExitCode.Failed, error.RootElement.GetProperty("message").GetString()!) { MayPass = status == HttpStatusCode.ServiceUnavailable, IsMissing = status == HttpStatusCode.NotFound };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return NoNode(status, e);
        }
    }

    private Refusal NoNode(HttpStatusCode status, Exception because) =>
        new(ExitCode.Unreachable, $"What answers at {_http.BaseAddress} is no node of latecomer: HTTP {(int)status}.", because);
}
