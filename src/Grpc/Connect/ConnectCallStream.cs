using System.Buffers;
using System.Text;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace Latecomer.Grpc;

/// <summary>The one request and the one response of a call in JSON.</summary>
internal sealed class ConnectCallStream(HttpContext http, RpcCall call, JsonParser parser, bool isGzip, RpcSettings settings) : ICallStream
{
    private readonly ConnectRequest _request = new(http, call, parser, settings);

    private bool _isRead;

    /// <summary>The response; null before there is one.</summary>
    public IMessage? Response { get; private set; }

    /// <inheritdoc/>
    public async ValueTask<IMessage?> Read(CancellationToken cancellation)
    {
        if (_isRead)
        {
            return null;
        }

        _isRead = true;
        return await _request.Read(Text, cancellation);
    }

    /// <inheritdoc/>
    public ValueTask Write(IMessage response, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Response = response;
        return ValueTask.CompletedTask;
    }

    private string Text(ReadOnlySequence<byte> body)
    {
        if (!isGzip || body.IsEmpty)
        {
            return ConnectRequest.Strict.GetString(body);
        }

        using var plain = Gzip.Decompress(body, settings.MostRequestBytes);
        return ConnectRequest.Strict.GetString(plain.Written.Span);
    }
}
