using System.Runtime.CompilerServices;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Latecomer.Grpc;

/// <summary>Calls methods of a server in gRPC over HTTP/2. Any number of calls at once share its connections.</summary>
public sealed class RpcChannel : IDisposable
{
    private const int MostResponseBytes = 16 * 1024 * 1024;

    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HttpClient _http;
    private readonly int _mostResponseBytes;

    /// <summary>A channel to the server at <paramref name="address"/>; <c>http</c> means HTTP/2 without TLS. Connects when it is first used.</summary>
    /// <param name="address">Scheme, host and port.</param>
    /// <param name="mostResponseBytes">The largest response message.</param>
    public RpcChannel(Uri address, int mostResponseBytes = MostResponseBytes)
        : this(address, Handler(address), mostResponseBytes)
    {
    }

    /// <summary>A channel over a handler of the caller's, which is disposed with it.</summary>
    public RpcChannel(Uri address, HttpMessageHandler handler, int mostResponseBytes = MostResponseBytes)
    {
        _mostResponseBytes = mostResponseBytes;
        _http = new HttpClient(handler) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Calls a method with one response.</summary>
    /// <exception cref="RpcException">It ended otherwise than ok, or nobody answers (UNAVAILABLE).</exception>
    public async Task<TResponse> Call<TResponse>(MethodDescriptor method, IMessage request, CallOptions? options = null, CancellationToken cancellation = default)
        where TResponse : class, IMessage<TResponse>
    {
        await using var call = new ClientCall(_http, method, request, options ?? new CallOptions(), _mostResponseBytes, cancellation);
        var response = await call.Next() ?? throw new RpcException(StatusCode.Unimplemented, "The server sent no response, and one is due.");
        return await call.Next() is null ? (TResponse)response : throw new RpcException(StatusCode.Unimplemented, "The server sent more than the one response that is due.");
    }

    /// <summary>Calls a method with a stream of responses, which is read no faster than it is enumerated. Leaving the enumeration cancels the call.</summary>
    /// <exception cref="RpcException">The stream ended otherwise than ok, or nobody answers (UNAVAILABLE).</exception>
    public async IAsyncEnumerable<TResponse> Stream<TResponse>(
        MethodDescriptor method, IMessage request, CallOptions? options = null, [EnumeratorCancellation] CancellationToken cancellation = default)
        where TResponse : class, IMessage<TResponse>
    {
        await using var call = new ClientCall(_http, method, request, options ?? new CallOptions(), _mostResponseBytes, cancellation);
        while (await call.Next() is { } response)
        {
            yield return (TResponse)response;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static SocketsHttpHandler Handler(Uri address) => new()
    {
        UseProxy = !address.IsLoopback,
        UseCookies = false,
        AllowAutoRedirect = false,
        EnableMultipleHttp2Connections = true,
        PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
        KeepAlivePingDelay = Quiet,
        KeepAlivePingTimeout = Patience,
    };
}
