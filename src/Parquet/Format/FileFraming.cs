using System.Buffers.Binary;

namespace Latecomer.Parquet.Format;

/// <summary>What stands around a file's data: the magic at both ends, and the footer's length before the last.</summary>
internal static class FileFraming
{
    public const int MagicBytes = 4;

    /// <summary>The footer's length and the closing magic.</summary>
    public const int TailBytes = 8;

    public static ReadOnlySpan<byte> Magic => "PAR1"u8;

    /// <summary>Says how long the footer is, or why there is none that can be read.</summary>
    public static int FooterLength(ReadOnlySpan<byte> tail, long fileLength, int maxFooterBytes)
    {
        if (tail[4..].SequenceEqual("PARE"u8))
        {
            throw ParquetException.Unsupported("The footer is encrypted (the file ends in PARE).");
        }

        if (!tail[4..].SequenceEqual(Magic))
        {
            throw ParquetException.Corrupt("The file does not end in PAR1: it is cut off, or no Parquet file.");
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(tail);
        if (length <= 0 || length > fileLength - TailBytes - MagicBytes)
        {
            throw ParquetException.Corrupt($"The footer is said to have {length} bytes in a file of {fileLength}.");
        }

        return length <= maxFooterBytes
            ? length
            : throw ParquetException.Unsupported($"The footer has {length} bytes; the limit is {maxFooterBytes}.");
    }
}
