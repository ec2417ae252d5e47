using System.Buffers;
using System.IO.Compression;
using Google.Protobuf;

namespace Latecomer.Grpc;

/// <summary>The one compression that is spoken here.</summary>
internal static class Gzip
{
    /// <summary>Its name in headers.</summary>
    public const string Name = "gzip";

    /// <summary>No compression, in headers.</summary>
    public const string Identity = "identity";

    /// <summary>What we take.</summary>
    public const string Accepted = "identity,gzip";

    /// <summary>Whether a list of encodings, as in <c>grpc-accept-encoding</c> or <c>Accept-Encoding</c>, names it.</summary>
    public static bool IsIn(string? list)
    {
        foreach (var range in list.AsSpan().Split(','))
        {
            var entry = list.AsSpan()[range];
            var end = entry.IndexOf(';') is >= 0 and var semicolon ? semicolon : entry.Length;
            if (entry[..end].Trim().Equals(Name, StringComparison.OrdinalIgnoreCase))
            {
                return entry[end..].TrimStart("; ") is not ("q=0" or "q=0.0" or "q=0.00" or "q=0.000");
            }
        }

        return false;
    }

    /// <summary>Reads compressed bytes; the buffer is the caller's. Stops at the largest size, however much more a small message would become.</summary>
    /// <exception cref="MessageTooLargeException">They hold more than <paramref name="mostBytes"/>.</exception>
    /// <exception cref="InvalidDataException">They are not gzip.</exception>
    public static PooledBuffer Decompress(ReadOnlySequence<byte> compressed, int mostBytes)
    {
        var plain = new PooledBuffer(mostBytes);
        try
        {
            using var source = new SequenceStream(compressed);
            using var gzip = new GZipStream(source, CompressionMode.Decompress);
            plain.Fill(gzip);
            return plain;
        }
        catch
        {
            plain.Dispose();
            throw;
        }
    }

    /// <summary>Compresses a message; the buffer is the caller's.</summary>
    public static PooledBuffer Compress(IMessage message) => Compress(message.WriteTo);

    /// <summary>Compresses what <paramref name="write"/> writes; the buffer is the caller's.</summary>
    public static PooledBuffer Compress(Action<Stream> write)
    {
        var compressed = new PooledBuffer(int.MaxValue);
        try
        {
            using var gzip = new GZipStream(new BufferStream(compressed), CompressionLevel.Fastest);
            write(gzip);
        }
        catch
        {
            compressed.Dispose();
            throw;
        }

        return compressed;
    }
}
