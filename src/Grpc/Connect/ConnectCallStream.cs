using System.Buffers;
using System.Text;
using Google.Protobuf;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace Latecomer.Grpc;

/// <summary>The one request and the one response of a call in JSON.</summary>
internal sealed class ConnectCallStream(HttpContext http, RpcCall call, JsonParser parser, bool isGzip, RpcSettings settings) : ICallStream
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

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
        try
        {
            return parser.Parse(await Body(cancellation) is { Length: > 0 } text ? text : "{}", call.Method.InputType);
        }
        catch (Exception e) when (e is MessageTooLargeException or BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge })
        {
            throw new RpcException(StatusCode.ResourceExhausted, $"The request is larger than {settings.MostRequestBytes} bytes.", e);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidJsonException or FormatException or DecoderFallbackException or InvalidDataException
            or InvalidOperationException or OverflowException or ArgumentException or BadHttpRequestException)
        {
            throw new RpcException(StatusCode.InvalidArgument, $"The body is no {call.Method.InputType.Name}: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or ConnectionAbortedException)
        {
            throw new CallerGoneException(e);
        }
    }

    /// <inheritdoc/>
    public ValueTask Write(IMessage response, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Response = response;
        return ValueTask.CompletedTask;
    }

    private async ValueTask<string> Body(CancellationToken cancellation)
    {
        if (http.Request.ContentLength > settings.MostRequestBytes)
        {
            throw new MessageTooLargeException();
        }

        var pipe = http.Request.BodyReader;
        while (true)
        {
            var result = await pipe.ReadAsync(cancellation);
            var buffer = result.Buffer;
            if (buffer.Length > settings.MostRequestBytes)
            {
                pipe.AdvanceTo(buffer.End);
                throw new MessageTooLargeException();
            }

            if (result.IsCompleted)
            {
                var text = Text(buffer);
                pipe.AdvanceTo(buffer.End);
                return text;
            }

            pipe.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private string Text(ReadOnlySequence<byte> body)
    {
        if (!isGzip || body.IsEmpty)
        {
            return Strict.GetString(body);
        }

        using var plain = Gzip.Decompress(body, settings.MostRequestBytes);
        return Strict.GetString(plain.Written.Span);
    }
}
