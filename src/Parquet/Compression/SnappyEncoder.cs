using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;

namespace Latecomer.Parquet.Compression;

/// <summary>Compresses to raw Snappy blocks: greedy matching of four bytes by a hash table, within windows of 64 KiB, with
/// longer strides the longer nothing matches.</summary>
internal static class SnappyEncoder
{
    private const int WindowBytes = 64 * 1024;
    private const int MaxTableBits = 14;
    private const int MinMatch = 4;

    /// <summary>Bytes that compression of <paramref name="length"/> bytes takes at most.</summary>
    public static int MaxCompressedLength(int length) => checked(32 + length + (length / 6));

    /// <summary>Writes a block to <paramref name="output"/>, which has <see cref="MaxCompressedLength"/>, and gives its length.</summary>
    public static int Compress(ReadOnlySpan<byte> input, Span<byte> output)
    {
        var written = WriteLength((uint)input.Length, output);
        var table = ArrayPool<ushort>.Shared.Rent(1 << MaxTableBits);
        try
        {
            while (!input.IsEmpty)
            {
                var window = input[..Math.Min(input.Length, WindowBytes)];
                written += CompressWindow(window, output[written..], table);
                input = input[window.Length..];
            }
        }
        finally
        {
            ArrayPool<ushort>.Shared.Return(table);
        }

        return written;
    }

    private static int CompressWindow(ReadOnlySpan<byte> window, Span<byte> output, ushort[] table)
    {
        var tableBits = Math.Clamp(BitOperations.Log2((uint)window.Length | 1) + 1, 8, MaxTableBits);
        var shift = 32 - tableBits;
        table.AsSpan(0, 1 << tableBits).Clear();
        var (written, literalStart, position) = (0, 0, 1);
        while (position + MinMatch <= window.Length)
        {
            var word = BinaryPrimitives.ReadUInt32LittleEndian(window[position..]);
            var slot = (int)((word * 0x9E3779B1u) >> shift);
            int candidate = table[slot];
            table[slot] = (ushort)position;
            if (candidate >= position || BinaryPrimitives.ReadUInt32LittleEndian(window[candidate..]) != word)
            {
                position += 1 + ((position - literalStart) >> 5);
                continue;
            }

            written += WriteLiteral(window[literalStart..position], output[written..]);
            var length = MinMatch + window[(candidate + MinMatch)..].CommonPrefixLength(window[(position + MinMatch)..]);
            written += WriteCopy(position - candidate, length, output[written..]);
            position += length;
            literalStart = position;
            if (position + MinMatch <= window.Length)
            {
                // The end of a match is where the next repetition often begins.
                var last = BinaryPrimitives.ReadUInt32LittleEndian(window[(position - 1)..]);
                table[(int)((last * 0x9E3779B1u) >> shift)] = (ushort)(position - 1);
            }
        }

        return written + WriteLiteral(window[literalStart..], output[written..]);
    }

    private static int WriteLength(uint length, Span<byte> output)
    {
        var written = 0;
        for (; length >= 0x80; length >>= 7)
        {
            output[written++] = (byte)(length | 0x80);
        }

        output[written++] = (byte)length;
        return written;
    }

    private static int WriteLiteral(ReadOnlySpan<byte> literal, Span<byte> output)
    {
        if (literal.IsEmpty)
        {
            return 0;
        }

        var code = literal.Length - 1;
        var header = 1;
        if (code < 60)
        {
            output[0] = (byte)(code << 2);
        }
        else if (code < 256)
        {
            output[0] = 60 << 2;
            output[1] = (byte)code;
            header = 2;
        }
        else
        {
            output[0] = 61 << 2;
            BinaryPrimitives.WriteUInt16LittleEndian(output[1..], (ushort)code);
            header = 3;
        }

        literal.CopyTo(output[header..]);
        return header + literal.Length;
    }

    private static int WriteCopy(int offset, int length, Span<byte> output)
    {
        var written = 0;
        while (length > 0)
        {
            if (length is >= 4 and <= 11 && offset < 2048)
            {
                output[written++] = (byte)(1 | ((length - 4) << 2) | ((offset >> 8) << 5));
                output[written++] = (byte)offset;
                break;
            }

            // Never less than four are left, so that the last part may take the short form.
            var part = length > 64 ? (length >= 68 ? 64 : 60) : length;
            output[written++] = (byte)(2 | ((part - 1) << 2));
            BinaryPrimitives.WriteUInt16LittleEndian(output[written..], (ushort)offset);
            written += 2;
            length -= part;
        }

        return written;
    }
}
