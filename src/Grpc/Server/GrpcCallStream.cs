using Google.Protobuf;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace Latecomer.Grpc;

/// <summary>The messages of a call over gRPC. Responses of a stream go out one by one; a single one goes out together with the status.</summary>
internal sealed class GrpcCallStream(HttpContext http, RpcCall call, FrameReader requests, FrameWriter responses) : ICallStream
{
    /// <summary>Whether headers went out, so that a status must follow in trailers.</summary>
    public bool HasBegun { get; private set; }

    /// <inheritdoc/>
    public async ValueTask<IMessage?> Read(CancellationToken cancellation)
    {
        try
        {
            return await requests.Read(cancellation);
        }
        catch (BadHttpRequestException e)
        {
            throw new RpcException(StatusCode.Internal, $"The request broke off: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or ConnectionAbortedException)
        {
            throw new CallerGoneException(e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask Write(IMessage response, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!HasBegun)
        {
            GrpcTrailers.Write(http.Response.Headers, call.HeadersIfAny);
            HasBegun = true;
            await http.Response.StartAsync(cancellation);
        }

        responses.Write(http.Response.BodyWriter, response);
        if (call.Method.IsServerStreaming && (await http.Response.BodyWriter.FlushAsync(cancellation)).IsCompleted)
        {
            throw new CallerGoneException(because: null);
        }
    }
}
