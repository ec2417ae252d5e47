using System.Buffers.Binary;
using System.Numerics;

namespace Latecomer.Parquet.Encodings;

/// <summary>Values of 0 to 32 bits each, packed from the least significant bit on.</summary>
internal static class BitPacking
{
    /// <summary>Bytes that <paramref name="count"/> values take.</summary>
    public static long BytesFor(long count, int bitWidth) => ((count * bitWidth) + 7) / 8;

    /// <summary>Unpacks values from number <paramref name="first"/> on; <paramref name="packed"/> must hold them all.</summary>
    public static void Unpack(ReadOnlySpan<byte> packed, int bitWidth, int first, Span<int> values)
    {
        var mask = bitWidth == 32 ? uint.MaxValue : (1u << bitWidth) - 1;
        var bit = (long)first * bitWidth;

        // A value of 32 bits that begins within a byte spans five, which an eight-byte load covers.
        var index = 0;
        for (; index < values.Length && (bit >> 3) + 8 <= packed.Length; index++, bit += bitWidth)
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(packed[(int)(bit >> 3)..]);
            values[index] = (int)((uint)(word >> (int)(bit & 7)) & mask);
        }

        if (index < values.Length)
        {
            Span<byte> tail = stackalloc byte[8];
            for (; index < values.Length; index++, bit += bitWidth)
            {
                tail.Clear();
                packed[(int)(bit >> 3)..].CopyTo(tail);
                values[index] = (int)((uint)(BinaryPrimitives.ReadUInt64LittleEndian(tail) >> (int)(bit & 7)) & mask);
            }
        }
    }

    /// <summary>Unpacks values of 0 to 64 bits from number <paramref name="first"/> on; <paramref name="packed"/> must hold them all.</summary>
    public static void Unpack(ReadOnlySpan<byte> packed, int bitWidth, int first, Span<long> values)
    {
        if (bitWidth == 0)
        {
            values.Clear();
            return;
        }

        var mask = ulong.MaxValue >> (64 - bitWidth);
        var bit = (long)first * bitWidth;

        // A value of 64 bits that begins within a byte spans nine: those behind the first eight bytes are in the one after.
        Span<byte> tail = stackalloc byte[9];
        for (var index = 0; index < values.Length; index++, bit += bitWidth)
        {
            scoped var from = packed[(int)(bit >> 3)..];
            if (from.Length < tail.Length)
            {
                tail.Clear();
                from.CopyTo(tail);
                from = tail;
            }

            var shift = (int)(bit & 7);
            var word = BinaryPrimitives.ReadUInt64LittleEndian(from) >> shift;
            if (shift + bitWidth > 64)
            {
                word |= (ulong)from[8] << (64 - shift);
            }

            values[index] = (long)(word & mask);
        }
    }

    /// <summary>Unpacks single bits to bytes of 0 or 1, eight at a time where they fill a byte.</summary>
    public static void UnpackBits(ReadOnlySpan<byte> packed, int first, Span<byte> values)
    {
        var index = 0;
        for (; index < values.Length && ((first + index) & 7) != 0; index++)
        {
            values[index] = Bit(packed, first + index);
        }

        for (; index + 8 <= values.Length; index += 8)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(values[index..], Spread(packed[(first + index) >> 3]));
        }

        for (; index < values.Length; index++)
        {
            values[index] = Bit(packed, first + index);
        }
    }

    private static byte Bit(ReadOnlySpan<byte> packed, int bit) => (byte)((packed[bit >> 3] >> (bit & 7)) & 1);

    /// <summary>A byte per bit: each keeps its own bit of a copy of <paramref name="bits"/>, and what is not 0 overflows into the topmost.</summary>
    private static ulong Spread(byte bits) =>
        (((((ulong)bits * 0x0101_0101_0101_0101) & 0x8040_2010_0804_0201) + 0x7F7F_7F7F_7F7F_7F7F) >> 7) & 0x0101_0101_0101_0101;

    /// <summary>Unpacks values of at most eight bits from number <paramref name="first"/> on.</summary>
    public static void Unpack(ReadOnlySpan<byte> packed, int bitWidth, int first, Span<byte> values)
    {
        var mask = (1 << bitWidth) - 1;
        var bit = (long)first * bitWidth;
        for (var index = 0; index < values.Length; index++, bit += bitWidth)
        {
            var at = (int)(bit >> 3);
            var word = packed[at] | (at + 1 < packed.Length ? packed[at + 1] << 8 : 0);
            values[index] = (byte)((word >> (int)(bit & 7)) & mask);
        }
    }

    /// <summary>Unpacks values of at most eight bits that are packed from the most significant bit on, the deprecated way of levels;
    /// refuses more than there are.</summary>
    public static void UnpackFromMostSignificant(ReadOnlySpan<byte> packed, int bitWidth, int first, Span<byte> values)
    {
        if (BytesFor((long)first + values.Length, bitWidth) > packed.Length)
        {
            throw ParquetException.Corrupt("The page has fewer encoded levels than its header says.");
        }

        var mask = (1 << bitWidth) - 1;
        var bit = (long)first * bitWidth;
        for (var index = 0; index < values.Length; index++, bit += bitWidth)
        {
            var at = (int)(bit >> 3);
            var word = (packed[at] << 8) | (at + 1 < packed.Length ? packed[at + 1] : 0);
            values[index] = (byte)((word >> (16 - bitWidth - (int)(bit & 7))) & mask);
        }
    }

    /// <summary>Packs values of at most <paramref name="bitWidth"/> bits; <paramref name="packed"/> is exactly as long as they need.</summary>
    public static void Pack<T>(ReadOnlySpan<T> values, int bitWidth, Span<byte> packed)
        where T : unmanaged, IBinaryInteger<T>
    {
        ulong pending = 0;
        var (bits, written) = (0, 0);
        foreach (var value in values)
        {
            pending |= (ulong)uint.CreateTruncating(value) << bits;
            for (bits += bitWidth; bits >= 8; bits -= 8)
            {
                packed[written++] = (byte)pending;
                pending >>= 8;
            }
        }

        if (bits > 0)
        {
            packed[written] = (byte)pending;
        }
    }
}
