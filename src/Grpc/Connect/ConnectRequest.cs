using System.Buffers;
using System.Text;
using Google.Protobuf;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace Latecomer.Grpc;

/// <summary>The request of a call in JSON: the whole body.</summary>
internal sealed class ConnectRequest(HttpContext http, RpcCall call, JsonParser parser, RpcSettings settings)
{
    /// <summary>UTF-8 that refuses what is none.</summary>
    public static UTF8Encoding Strict { get; } = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads it.</summary>
    /// <param name="text">Finds the JSON in the body; <see cref="InvalidDataException"/> if there is none.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="RpcException">It is no request, or too large.</exception>
    public async ValueTask<IMessage> Read(Func<ReadOnlySequence<byte>, string> text, CancellationToken cancellation)
    {
        try
        {
            return parser.Parse(await Body(text, cancellation) is { Length: > 0 } json ? json : "{}", call.Method.InputType);
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

    private async ValueTask<string> Body(Func<ReadOnlySequence<byte>, string> text, CancellationToken cancellation)
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
                var json = text(buffer);
                pipe.AdvanceTo(buffer.End);
                return json;
            }

            pipe.AdvanceTo(buffer.Start, buffer.End);
        }
    }
}
