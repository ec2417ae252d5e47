using System.Buffers;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Latecomer.Parquet.Compression;

/// <summary>Decompresses what the framework has decoders for. Several gzip members may follow each other, and some writers leave gzip's
/// framing out for that of zlib.</summary>
internal static class FrameworkDecompression
{
    /// <summary>Says how many bytes there are; null if they are more than <paramref name="output"/> takes.</summary>
    public static int? Gunzip(ReadOnlyMemory<byte> input, Span<byte> output)
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
            return read < output.Length || stream.ReadByte() < 0 ? read : null;
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            throw new ParquetException(ParquetErrorKind.CorruptFile, $"A gzip page cannot be decompressed: {exception.Message}", innerException: exception);
        }
    }

    /// <summary>Says how many bytes there are; null if they are more than <paramref name="output"/> takes.</summary>
    public static int? Unbrotli(ReadOnlySpan<byte> input, Span<byte> output)
    {
        using var decoder = new BrotliDecoder();
        return decoder.Decompress(input, output, out _, out var written) switch
        {
            OperationStatus.Done => written,
            OperationStatus.DestinationTooSmall => null,
            _ => throw ParquetException.Corrupt($"A Brotli page is damaged or cut off after {written} bytes."),
        };
    }
}
