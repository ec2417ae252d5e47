using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Latecomer.Parquet.Compression;

/// <summary>Decompresses what the framework has decoders for. Several gzip members may follow each other, and some writers leave gzip's
/// framing out for that of zlib.</summary>
internal static class FrameworkDecompression
{
    /// <summary>Fills <paramref name="output"/> exactly.</summary>
    public static void Gunzip(ReadOnlyMemory<byte> input, Span<byte> output)
    {
        if (!MemoryMarshal.TryGetArray(input, out var segment) || segment.Array is not { } array)
        {
            (array, segment) = (input.ToArray(), input.ToArray());
        }

        using var compressed = new MemoryStream(array, segment.Offset, segment.Count, writable: false);
        using Stream stream = input.Span.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B])
            ? new GZipStream(compressed, CompressionMode.Decompress)
            : new ZLibStream(compressed, CompressionMode.Decompress);
        try
        {
            var read = stream.ReadAtLeast(output, output.Length, throwOnEndOfStream: false);
            if (read != output.Length)
            {
                throw ParquetException.Corrupt($"A gzip page ends after {read} of {output.Length} bytes.");
            }

            if (stream.ReadByte() >= 0)
            {
                throw ParquetException.Corrupt($"A gzip page has more than the {output.Length} bytes of its header.");
            }
        }
        catch (InvalidDataException exception)
        {
            throw new ParquetException(ParquetErrorKind.CorruptFile, $"A gzip page cannot be decompressed: {exception.Message}", innerException: exception);
        }
    }

    /// <summary>Fills <paramref name="output"/> exactly.</summary>
    public static void Unbrotli(ReadOnlySpan<byte> input, Span<byte> output)
    {
        if (!BrotliDecoder.TryDecompress(input, output, out var written) || written != output.Length)
        {
            throw ParquetException.Corrupt($"A Brotli page is damaged: {written} of {output.Length} bytes were decompressed.");
        }
    }
}
