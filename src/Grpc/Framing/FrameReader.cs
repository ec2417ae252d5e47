using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Google.Protobuf;

namespace Latecomer.Grpc;

/// <summary>Reads messages as gRPC frames them: a flag, a length, and that many bytes (<c>Length-Prefixed-Message</c> of gRPC over HTTP/2). A length is judged before
/// its bytes are waited for; a plain message is parsed where it lies.</summary>
/// <param name="pipe">The body.</param>
/// <param name="parser">Reads a message.</param>
/// <param name="isGzip">Whether <c>grpc-encoding</c> named gzip.</param>
/// <param name="mostBytes">The largest message, before and after decompression.</param>
internal sealed class FrameReader(PipeReader pipe, MessageParser parser, bool isGzip, int mostBytes)
{
    internal const int PrefixBytes = 5;

    private const byte Plain = 0;
    private const byte Compressed = 1;

    /// <summary>The next message; null when all were read.</summary>
    /// <exception cref="RpcException">What came is no message (INTERNAL), or too large (RESOURCE_EXHAUSTED).</exception>
    public async ValueTask<IMessage?> Read(CancellationToken cancellation)
    {
        while (true)
        {
            var result = await pipe.ReadAsync(cancellation);
            var buffer = result.Buffer;
            if (Length(buffer) is { } length && buffer.Length >= PrefixBytes + length)
            {
                var body = buffer.Slice(PrefixBytes, length);
                var message = Parse(buffer.FirstSpan[0], body);
                pipe.AdvanceTo(body.End);
                return message;
            }

            if (result.IsCompleted)
            {
                return buffer.IsEmpty ? null : throw new RpcException(StatusCode.Internal, "The stream ends within a message.");
            }

            pipe.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private int? Length(ReadOnlySequence<byte> buffer)
    {
        if (buffer.Length < PrefixBytes)
        {
            return null;
        }

        Span<byte> prefix = stackalloc byte[PrefixBytes];
        buffer.Slice(0, PrefixBytes).CopyTo(prefix);
        if (prefix[0] is not (Plain or Compressed))
        {
            throw new RpcException(StatusCode.Internal, $"A message begins with {prefix[0]}, which says neither plain nor compressed.");
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        return length <= mostBytes ? (int)length : throw TooLarge($"of {length} bytes");
    }

    private IMessage Parse(byte flag, ReadOnlySequence<byte> body)
    {
        try
        {
            if (flag == Plain)
            {
                return parser.ParseFrom(body);
            }

            using var plain = isGzip ? Gzip.Decompress(body, mostBytes) : throw new RpcException(StatusCode.Internal, "A message is compressed, and no grpc-encoding says how.");
            return parser.ParseFrom(plain.Written.Span);
        }
        catch (MessageTooLargeException)
        {
            throw TooLarge("that is larger once decompressed");
        }
        catch (InvalidDataException e)
        {
            throw new RpcException(StatusCode.Internal, "A message cannot be decompressed.", e);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new RpcException(StatusCode.Internal, $"A message cannot be parsed: {e.Message}", e);
        }
    }

    private RpcException TooLarge(string which) => new(StatusCode.ResourceExhausted, $"A message {which} came; {mostBytes} are allowed.");
}
