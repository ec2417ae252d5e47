using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Latecomer.Grpc;

/// <summary>Answers calls in gRPC over HTTP/2 (<c>doc/PROTOCOL-HTTP2.md</c>).</summary>
internal sealed class GrpcProtocol(FrozenDictionary<string, RpcMethod> methods, RpcSettings settings, CallRunner runner)
{
    private readonly FrameWriter _plain = new(compressFrom: null, settings.MostResponseBytes);
    private readonly FrameWriter _gzip = new(settings.CompressFromBytes, settings.MostResponseBytes);

    /// <summary>Answers a request whose content type is gRPC's.</summary>
    public async Task Answer(HttpContext http)
    {
        if (Refusal(http.Request) is { } refusal)
        {
            http.Response.StatusCode = refusal;
            return;
        }

        http.Response.ContentType = GrpcHeaders.ContentType;
        if (!methods.TryGetValue(http.Request.Path.Value ?? "", out var method))
        {
            GrpcTrailers.Write(http.Response.Headers, new Status(StatusCode.Unimplemented, $"There is no method {http.Request.Path}."), metadata: null);
        }
        else if (Encoding(http) is var (isGzip, unknown) && unknown is not null)
        {
            GrpcTrailers.Write(http.Response.Headers, unknown, metadata: null);
        }
        else if (Timeout(http.Request) is var (timeout, wrong) && wrong is not null)
        {
            GrpcTrailers.Write(http.Response.Headers, wrong, metadata: null);
        }
        else
        {
            using var life = new CallLife(http, timeout, method.Descriptor.IsServerStreaming ? settings.Stopping : CancellationToken.None);
            await Answer(http, method, life, isGzip);
        }
    }

    /// <summary>The HTTP status of what is no gRPC; null if it is.</summary>
    private static int? Refusal(HttpRequest request) =>
        !HttpMethods.IsPost(request.Method) ? StatusCodes.Status405MethodNotAllowed
        : !HttpProtocol.IsHttp2(request.Protocol) && !HttpProtocol.IsHttp3(request.Protocol) ? StatusCodes.Status505HttpVersionNotsupported
        : !GrpcHeaders.IsProto(request.ContentType!) ? StatusCodes.Status415UnsupportedMediaType
        : null;

    private static (bool IsGzip, Status? Unknown) Encoding(HttpContext http)
    {
        var encoding = http.Request.Headers[GrpcHeaders.Encoding].ToString();
        if (encoding is "" or Gzip.Identity or Gzip.Name)
        {
            return (encoding is Gzip.Name, null);
        }

        // doc/compression.md: the answer to an unknown one says which are known.
        http.Response.Headers[GrpcHeaders.AcceptEncoding] = Gzip.Accepted;
        return (false, new Status(StatusCode.Unimplemented, $"The encoding '{encoding}' is not known here, but {Gzip.Accepted} are."));
    }

    private static (TimeSpan? Timeout, Status? Wrong) Timeout(HttpRequest request)
    {
        var text = request.Headers[GrpcTimeout.Header].ToString();
        return text.Length == 0 ? default
            : GrpcTimeout.TryParse(text) is { } timeout ? (timeout, null)
            : (null, new Status(StatusCode.InvalidArgument, $"'{text}' is no {GrpcTimeout.Header}: at most eight digits and one of H, M, S, m, u, n."));
    }

    private static void Unlimit(HttpContext http, bool isStream)
    {
        // Messages are limited, not bodies; and a caller that streams may think between two of them.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (isStream && http.Features.Get<Microsoft.AspNetCore.Server.Kestrel.Core.Features.IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }

    private async Task Answer(HttpContext http, RpcMethod method, CallLife life, bool isGzip)
    {
        Unlimit(http, method.Descriptor.IsClientStreaming);
        var writer = _plain;
        if (Gzip.IsIn(http.Request.Headers[GrpcHeaders.AcceptEncoding]))
        {
            http.Response.Headers[GrpcHeaders.Encoding] = Gzip.Name;
            writer = _gzip;
        }

        var call = new RpcCall(http, method.Descriptor, life);
        var reader = new FrameReader(http.Request.BodyReader, method.Descriptor.InputType.Parser, isGzip, settings.MostRequestBytes);
        var stream = new GrpcCallStream(http, call, reader, writer);
        var status = await runner.Run(method, stream, call, life);
        if (life.IsAborted)
        {
            return;
        }

        if (stream.HasBegun)
        {
            GrpcTrailers.Write(http.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers, status, call.TrailersIfAny);
        }
        else
        {
            // Trailers-Only: one frame of headers is the whole answer.
            GrpcTrailers.Write(http.Response.Headers, call.HeadersIfAny);
            GrpcTrailers.Write(http.Response.Headers, status, call.TrailersIfAny);
        }
    }
}
