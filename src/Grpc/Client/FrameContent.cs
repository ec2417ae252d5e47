using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;

namespace Latecomer.Grpc;

/// <summary>One request as the body of an HTTP request.</summary>
internal sealed class FrameContent : HttpContent
{
    private static readonly MediaTypeHeaderValue Grpc = new(GrpcHeaders.ContentType);

    private readonly IMessage _request;
    private readonly FrameWriter _writer;

    public FrameContent(IMessage request, bool compress)
    {
        _request = request;
        _writer = new FrameWriter(compress ? 0 : null, int.MaxValue);
        Headers.ContentType = Grpc;
    }

    /// <inheritdoc/>
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        using var frame = new PooledBuffer(int.MaxValue);
        _writer.Write(frame, _request);
        await stream.WriteAsync(frame.Written);
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = -1;
        return false;
    }
}
