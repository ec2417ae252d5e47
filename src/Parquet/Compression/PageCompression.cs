using System.Buffers;

namespace Latecomer.Parquet.Compression;

/// <summary>Compresses and decompresses a page's bytes by the codec of its chunk.</summary>
internal static class PageCompression
{
    /// <summary>No codec read here makes more than this many bytes of one; a page that claims more is refused before memory is
    /// taken for it. (Snappy's longest copy makes 64 bytes of three.)</summary>
    private const long MaxRatio = 64;

    /// <summary>Fills <paramref name="output"/> exactly.</summary>
    public static void Decompress(CompressionCodec codec, ReadOnlySpan<byte> input, Span<byte> output)
    {
        switch (codec)
        {
            case CompressionCodec.Snappy:
                SnappyDecoder.Decompress(input, output);
                break;
            default:
                throw Unsupported(codec);
        }
    }

    /// <summary>Refuses what cannot be decompressed, or not to that length.</summary>
    public static void Check(CompressionCodec codec, int compressed, int uncompressed)
    {
        if (codec is not (CompressionCodec.Uncompressed or CompressionCodec.Snappy))
        {
            throw Unsupported(codec);
        }

        if (uncompressed > (compressed * MaxRatio) + MaxRatio)
        {
            throw ParquetException.Corrupt($"A page of {compressed} bytes is said to hold {uncompressed}.");
        }
    }

    /// <summary>Compresses to an array rented from the shared pool.</summary>
    public static (byte[] Rented, int Length) Compress(CompressionCodec codec, ReadOnlySpan<byte> page)
    {
        switch (codec)
        {
            case CompressionCodec.Uncompressed:
                var copy = ArrayPool<byte>.Shared.Rent(page.Length);
                page.CopyTo(copy);
                return (copy, page.Length);
            case CompressionCodec.Snappy:
                var compressed = ArrayPool<byte>.Shared.Rent(SnappyEncoder.MaxCompressedLength(page.Length));
                return (compressed, SnappyEncoder.Compress(page, compressed));
            default:
                throw new ArgumentOutOfRangeException(nameof(codec), codec, "This codec is not written.");
        }
    }

    private static ParquetException Unsupported(CompressionCodec codec) =>
        ParquetException.Unsupported($"The codec {(Enum.IsDefined(codec) ? codec : $"number {(int)codec}")} is not read.");
}
