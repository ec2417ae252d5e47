using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Latecomer.Node.Tls;

/// <summary>Sends requests to other nodes, over TLS if that is in their address. New connections are made by what the files of TLS say then; the log says once of each
/// node that its certificate is not taken, until it is.</summary>
/// <param name="tls">By what nodes know each other.</param>
/// <param name="log">The log.</param>
internal sealed partial class NodeHandler(NodeTls tls, ILogger log) : HttpMessageHandler
{
    private static readonly TimeSpan Connecting = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, bool> _silent = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private Connections? _connections;

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var isSecure = request.RequestUri!.Scheme == Uri.UriSchemeHttps;
        try
        {
            var response = await Now().Invoker.SendAsync(request, cancellationToken);
            if (isSecure)
            {
                _silent.TryRemove(request.RequestUri.Authority, out _);
            }

            return response;
        }
        catch (HttpRequestException e) when (isSecure && e.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            if (_silent.TryAdd(request.RequestUri.Authority, true))
            {
                LogNotTaken(log, request.RequestUri.Authority, e.InnerException?.Message ?? e.Message);
            }

            throw;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            lock (_lock)
            {
                _connections?.Invoker.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    private Connections Now()
    {
        var (own, authorities) = (tls.Own, tls.OfNodes);
        lock (_lock)
        {
            // What was made by former files is left to end by itself when it is idle: a request may be on it.
            return _connections is { } known && ReferenceEquals(known.Own, own) && ReferenceEquals(known.Authorities, authorities)
                ? known
                : _connections = new Connections(own, authorities, new HttpMessageInvoker(Handler(own, authorities)));
        }
    }

    private static SocketsHttpHandler Handler(OwnCertificate? own, Authorities? authorities) => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ConnectTimeout = Connecting,
        SslOptions = NodeTls.ForNode(own, authorities),
    };

    [LoggerMessage(122, LogLevel.Error, "Cannot talk to the node at {Address}, for TLS fails: {Reason} See --tls-ca, and whether its certificate is for that address")]
    private static partial void LogNotTaken(ILogger logger, string address, string reason);

    private sealed record Connections(OwnCertificate? Own, Authorities? Authorities, HttpMessageInvoker Invoker);
}
