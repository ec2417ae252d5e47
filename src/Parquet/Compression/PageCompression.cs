using System.Buffers;

namespace Latecomer.Parquet.Compression;

/// <summary>Compresses and decompresses a page's bytes by the codec of its chunk.</summary>
internal static class PageCompression
{
    /// <summary>Fills <paramref name="output"/> exactly.</summary>
    public static void Decompress(CompressionCodec codec, ReadOnlyMemory<byte> input, Memory<byte> output)
    {
        switch (codec)
        {
            case CompressionCodec.Snappy:
                SnappyDecoder.Decompress(input.Span, output.Span);
                break;
            case CompressionCodec.Gzip:
                FrameworkDecompression.Gunzip(input, output.Span);
                break;
            case CompressionCodec.Brotli:
                FrameworkDecompression.Unbrotli(input.Span, output.Span);
                break;
            case CompressionCodec.Lz4:
                Lz4Decoder.DecompressFramed(input.Span, output.Span);
                break;
            case CompressionCodec.Lz4Raw:
                Lz4Decoder.Decompress(input.Span, output.Span);
                break;
            case CompressionCodec.Zstd:
                Zstandard.Decompress(input.Span, output.Span);
                break;
            default:
                throw Unsupported(codec);
        }
    }

    /// <summary>Refuses what cannot be decompressed, or not to that length: a page that claims more than its codec can make of its
    /// bytes is refused before memory is taken for it.</summary>
    public static void Check(CompressionCodec codec, int compressed, int uncompressed)
    {
        if (MaxRatio(codec) is { } ratio && uncompressed > (compressed * ratio) + ratio)
        {
            throw ParquetException.Corrupt($"A page of {compressed} bytes is said to hold {uncompressed}.");
        }
    }

    /// <summary>Bytes that a codec makes of one at most; null if there is no such bound, and only the limit of pages holds.</summary>
    private static long? MaxRatio(CompressionCodec codec) => codec switch
    {
        CompressionCodec.Uncompressed => 1,
        CompressionCodec.Snappy => 64,
        CompressionCodec.Gzip => 1_032,
        CompressionCodec.Lz4 or CompressionCodec.Lz4Raw => 255,
        CompressionCodec.Brotli or CompressionCodec.Zstd => null,
        _ => throw Unsupported(codec),
    };

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
