using System.IO.Compression;
using Latecomer.Parquet;

namespace Latecomer.Tests.Unit.Parquet;

/// <summary>Many zeros in few bytes, as no writer at hand compresses them.</summary>
internal static class CompressedZeros
{
    private const int BlockBytes = 128 * 1024;

    public static byte[] Of(CompressionCodec codec, int count) => codec switch
    {
        CompressionCodec.Gzip => Deflate(count, to => new GZipStream(to, CompressionLevel.Optimal)),
        CompressionCodec.Brotli => Deflate(count, to => new BrotliStream(to, CompressionLevel.Optimal)),
        CompressionCodec.Zstd => Zstandard(count),
        CompressionCodec.Snappy => Snappy(count),
        CompressionCodec.Lz4Raw => Lz4(count),
        CompressionCodec.Lz4 => [.. BigEndian(count), .. BigEndian(Lz4(count).Length), .. Lz4(count)],
        _ => throw new ArgumentOutOfRangeException(nameof(codec)),
    };

    private static byte[] Deflate(int count, Func<Stream, Stream> compress)
    {
        using var compressed = new MemoryStream();
        using (var stream = compress(compressed))
        {
            stream.Write(new byte[count]);
        }

        return compressed.ToArray();
    }

    /// <summary>A frame with a window of 128 KiB, and blocks that repeat one byte.</summary>
    private static byte[] Zstandard(int count)
    {
        List<byte> frame = [0x28, 0xB5, 0x2F, 0xFD, 0, 7 << 3];
        for (var left = count; left > 0; left -= BlockBytes)
        {
            var header = (Math.Min(left, BlockBytes) << 3) | (1 << 1) | (left <= BlockBytes ? 1 : 0);
            frame.AddRange([(byte)header, (byte)(header >> 8), (byte)(header >> 16), 0]);
        }

        return [.. frame];
    }

    /// <summary>A literal of one byte, and copies of 64 from one byte back.</summary>
    private static byte[] Snappy(int count)
    {
        List<byte> block = [];
        for (var rest = (uint)count; rest > 0; rest >>= 7)
        {
            block.Add((byte)((rest & 0x7F) | (rest > 0x7F ? 0x80u : 0)));
        }

        block.AddRange([0, 0]);
        for (var left = count - 1; left > 0; left -= 64)
        {
            block.AddRange([(byte)(((Math.Min(left, 64) - 1) << 2) | 2), 1, 0]);
        }

        return [.. block];
    }

    /// <summary>A literal of one byte, one match for all but the last, and that.</summary>
    private static byte[] Lz4(int count)
    {
        var match = count - 2 - 4 - 15;
        return [0x1F, 0, 1, 0, .. Enumerable.Repeat(byte.MaxValue, match / byte.MaxValue), (byte)(match % byte.MaxValue), 0x10, 0];
    }

    private static byte[] BigEndian(int number) => [(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number];
}
