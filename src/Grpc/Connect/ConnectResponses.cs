using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace Latecomer.Grpc;

/// <summary>The one request and the many responses of a call in JSON, each with a flag and a length before it; the last one says how it ended (the Connect protocol's section
/// on streaming). Goes over HTTP/1.1 as well, so that who knows one address of a node can follow it.</summary>
internal sealed class ConnectResponses(HttpContext http, RpcCall call, JsonParser parser, JsonFormatter formatter, RpcSettings settings) : ICallStream
{
    /// <summary>The content type of both sides.</summary>
    public const string ContentType = "application/connect+json";

    private const int PrefixBytes = 5;
    private const byte Plain = 0;
    private const byte End = 2;

    private readonly ConnectRequest _request = new(http, call, parser, settings);

    private bool _isRead;

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
    public async ValueTask Write(IMessage response, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (response.CalculateSize() > settings.MostResponseBytes)
        {
            throw new RpcException(StatusCode.ResourceExhausted, $"The response has more than {settings.MostResponseBytes} bytes. Ask for less at once.");
        }

        if (!http.Response.HasStarted)
        {
            GrpcTrailers.Write(http.Response.Headers, call.HeadersIfAny);
        }

        using var body = new PooledBuffer(int.MaxValue);
        await using (var writer = new StreamWriter(new BufferStream(body), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)))
        {
            formatter.Format(response, writer);
        }

        await Send(Plain, body.Written, cancellation);
    }

    /// <summary>Says how it ended.</summary>
    public async Task Finish(Status status)
    {
        using var body = new PooledBuffer(int.MaxValue);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            if (!status.IsOk)
            {
                json.WritePropertyName("error");
                ConnectError.Write(json, status);
            }

            WriteTrailers(json, call.TrailersIfAny ?? []);
            json.WriteEndObject();
        }

        await Send(End, body.Written, http.RequestAborted);
    }

    private static void WriteTrailers(Utf8JsonWriter json, Metadata trailers)
    {
        if (trailers.Count == 0)
        {
            return;
        }

        json.WriteStartObject("metadata");
        foreach (var values in trailers.GroupBy(t => t.Key, t => t.Value, StringComparer.Ordinal))
        {
            json.WriteStartArray(values.Key);
            foreach (var value in values)
            {
                json.WriteStringValue(value);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private async Task Send(byte flag, ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        Prefix(http.Response.BodyWriter, flag, message.Length);
        http.Response.BodyWriter.Write(message.Span);
        if ((await http.Response.BodyWriter.FlushAsync(cancellation)).IsCompleted && flag == Plain)
        {
            throw new CallerGoneException(because: null);
        }
    }

    private static void Prefix(IBufferWriter<byte> target, byte flag, int length)
    {
        var prefix = target.GetSpan(PrefixBytes);
        prefix[0] = flag;
        BinaryPrimitives.WriteInt32BigEndian(prefix[1..], length);
        target.Advance(PrefixBytes);
    }

    private static string Text(ReadOnlySequence<byte> body)
    {
        if (body.Length < PrefixBytes)
        {
            throw new InvalidDataException("it has no prefix of five bytes.");
        }

        Span<byte> prefix = stackalloc byte[PrefixBytes];
        body.Slice(0, PrefixBytes).CopyTo(prefix);
        return prefix[0] != Plain ? throw new InvalidDataException($"its message begins with {prefix[0]}: compressed ones are not taken.")
            : BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]) != body.Length - PrefixBytes ? throw new InvalidDataException("it is not one message of the length that its prefix says.")
            : ConnectRequest.Strict.GetString(body.Slice(PrefixBytes));
    }
}
