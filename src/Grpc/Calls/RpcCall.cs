using System.Net;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Http;

namespace Latecomer.Grpc;

/// <summary>What a handler and the filters know of a call beside its messages.</summary>
public sealed class RpcCall
{
    private readonly HttpContext _http;
    private Metadata? _metadata;
    private Metadata? _headers;
    private Metadata? _trailers;
    private Peer? _peer;

    internal RpcCall(HttpContext http, MethodDescriptor method, CallLife life)
    {
        _http = http;
        Method = method;
        Deadline = life.Deadline;
        Cancellation = life.Token;
    }

    /// <summary>The method.</summary>
    public MethodDescriptor Method { get; }

    /// <summary>How long the caller waits, from when the call came; null for as long as it takes.</summary>
    public TimeSpan? Deadline { get; }

    /// <summary>Ends when the caller is gone or its deadline has passed, and, for a stream of responses, when the server stops. A handler observes it: nobody ends
    /// it otherwise.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>What the caller sent beside the request.</summary>
    public Metadata Metadata => _metadata ??= Read(_http.Request.Headers);

    /// <summary>What goes out before the first response. Later additions are lost.</summary>
    public Metadata ResponseHeaders => _headers ??= new Metadata();

    /// <summary>What goes out with the status.</summary>
    public Metadata Trailers => _trailers ??= new Metadata();

    /// <summary>Who calls.</summary>
    public Peer Peer => _peer ??= new Peer(
        _http.Connection.RemoteIpAddress is { } address ? new IPEndPoint(address, _http.Connection.RemotePort) : null, _http.Connection.ClientCertificate);

    /// <summary>The request of a method with one, as soon as it was read; null before that. For filters that keep records.</summary>
    public IMessage? Request { get; internal set; }

    /// <summary>Who the filters have found the caller to be; null before.</summary>
    public object? Identity { get; set; }

    internal Metadata? HeadersIfAny => _headers;

    internal Metadata? TrailersIfAny => _trailers;

    private static Metadata Read(IHeaderDictionary headers)
    {
        var metadata = new Metadata();
        foreach (var (name, values) in headers)
        {
            if (!ReservedHeaders.Contains(name))
            {
                foreach (var value in values)
                {
                    metadata.Take(name, value);
                }
            }
        }

        return metadata;
    }
}
