using System.Buffers;

namespace Latecomer.Parquet.Compression;

/// <summary>Compresses and decompresses a page's bytes by the codec of its chunk.</summary>
internal static class PageCompression
{
    /// <summary>Decompresses a page, and says how many bytes it has; null if they are more than <paramref name="output"/> takes,
    /// which is full then but for a block's bytes at most.</summary>
    public static int? Decompress(CompressionCodec codec, ReadOnlyMemory<byte> input, Memory<byte> output) => codec switch
    {
        CompressionCodec.Snappy => SnappyDecoder.Decompress(input.Span, output.Span),
        CompressionCodec.Gzip => FrameworkDecompression.Gunzip(input, output.Span),
        CompressionCodec.Brotli => FrameworkDecompression.Unbrotli(input.Span, output.Span),
        CompressionCodec.Lz4 => Lz4Decoder.DecompressFramed(input.Span, output.Span),
        CompressionCodec.Lz4Raw => Lz4Decoder.Decompress(input.Span, output.Span),
        CompressionCodec.Zstd => Zstandard.Decompress(input.Span, output.Span),
        _ => throw ParquetException.Unsupported($"The codec {(Enum.IsDefined(codec) ? codec : $"number {(int)codec}")} is not read."),
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
            case CompressionCodec.Zstd:
                return Zstandard.Compress(page);
            default:
                throw new ArgumentOutOfRangeException(nameof(codec), codec, "This codec is not written.");
        }
    }
}
