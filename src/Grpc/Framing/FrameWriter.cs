using System.Buffers;
using System.Buffers.Binary;
using Google.Protobuf;

namespace Latecomer.Grpc;

/// <summary>Writes messages as gRPC frames them, straight into the buffers of what sends them.</summary>
/// <param name="compressFrom">The size from which messages are compressed; null for never.</param>
/// <param name="mostBytes">The largest message, before compression.</param>
internal sealed class FrameWriter(int? compressFrom, int mostBytes)
{
    /// <summary>Writes a message.</summary>
    /// <exception cref="RpcException">It is too large (RESOURCE_EXHAUSTED); nothing was written.</exception>
    public void Write(IBufferWriter<byte> target, IMessage message)
    {
        var size = message.CalculateSize();
        if (size > mostBytes)
        {
            throw new RpcException(StatusCode.ResourceExhausted, $"The message has {size} bytes; {mostBytes} are allowed. Ask for less at once.");
        }

        if (size >= compressFrom)
        {
            using var compressed = Gzip.Compress(message);
            Prefix(target, 1, compressed.Written.Length);
            target.Write(compressed.Written.Span);
            return;
        }

        Prefix(target, 0, size);
        message.WriteTo(target);
    }

    private static void Prefix(IBufferWriter<byte> target, byte flag, int length)
    {
        var prefix = target.GetSpan(FrameReader.PrefixBytes);
        prefix[0] = flag;
        BinaryPrimitives.WriteInt32BigEndian(prefix[1..], length);
        target.Advance(FrameReader.PrefixBytes);
    }
}
