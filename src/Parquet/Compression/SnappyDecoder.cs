using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Latecomer.Parquet.Compression;

/// <summary>Decompresses raw Snappy blocks. Every length and offset is checked before bytes move.</summary>
internal static class SnappyDecoder
{
    /// <summary>Most literals and copies are no longer than this, and are moved as so many bytes where there is room: what lies behind
    /// them is overwritten by what follows.</summary>
    private const int ShortBytes = 16;

    /// <summary>Bytes of a copy at most.</summary>
    private const int LongestCopy = 64;

    /// <summary>Bytes that a short step looks at: its tag, and a literal or the offset of a copy.</summary>
    private const int MostInputOfStep = 1 + ShortBytes;

    /// <summary>Says how many bytes there are; null if they are more than <paramref name="output"/> takes.</summary>
    public static int? Decompress(ReadOnlySpan<byte> input, Span<byte> output)
    {
        var position = ReadLength(input, out var length);
        output = output[..(int)Math.Min(length, (uint)output.Length)];
        var written = 0;
        while (true)
        {
            TakeShortSteps(input, output, ref position, ref written);
            if (position >= input.Length)
            {
                break;
            }

            var tag = input[position++];
            if ((tag & 3) == 0)
            {
                var count = LiteralLength(input, ref position, tag);
                if (count > input.Length - position)
                {
                    throw Corrupt($"has a literal of {count} bytes that runs over its end");
                }

                if (count > output.Length - written)
                {
                    return Full(length, output.Length);
                }

                CopyLiteral(input[position..], (int)count, output[written..]);
                position += (int)count;
                written += (int)count;
            }
            else
            {
                var (offset, count) = ReadCopy(input, ref position, tag);
                if (offset == 0 || offset > (uint)written)
                {
                    throw Corrupt($"has a copy of {count} bytes from {offset} bytes back at {written} of {length}");
                }

                if (count > output.Length - written)
                {
                    return Full(length, output.Length);
                }

                Copy(output, written, (int)offset, count);
                written += count;
            }
        }

        return written == length ? written : throw Corrupt($"ends after {written} of {length} bytes");
    }

    /// <summary>Takes literals and copies as long as they are short and far from both ends, which nearly all are: then a step may move more bytes than it
    /// has, and only where a copy begins is left to check.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TakeShortSteps(ReadOnlySpan<byte> input, Span<byte> output, ref int position, ref int written)
    {
        var (from, to) = (position, written);
        var (lastFrom, lastTo) = (input.Length - MostInputOfStep, output.Length - LongestCopy);
        ref var source = ref MemoryMarshal.GetReference(input);
        ref var target = ref MemoryMarshal.GetReference(output);
        while (from <= lastFrom && to <= lastTo)
        {
            var tag = (int)Unsafe.Add(ref source, from);
            var kind = tag & 3;
            var count = (tag >> 2) + 1;
            if (kind == 0)
            {
                if (count > ShortBytes)
                {
                    break;
                }

                Move16(ref Unsafe.Add(ref source, from + 1), ref Unsafe.Add(ref target, to));
                from += count + 1;
                to += count;
                continue;
            }

            var word = (int)Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref source, from + 1));
            var (offset, length) = kind == 1 ? (((tag & 0xE0) << 3) | (word & 0xFF), ((tag >> 2) & 7) + 4) : (word, count);
            if (kind == 3 || offset < sizeof(ulong) || offset > to || length > ShortBytes)
            {
                break;
            }

            // In two halves, for the second may begin with what the first has written.
            ref var written8 = ref Unsafe.Add(ref target, to);
            Unsafe.WriteUnaligned(ref written8, Unsafe.ReadUnaligned<ulong>(ref Unsafe.Subtract(ref written8, offset)));
            ref var next8 = ref Unsafe.Add(ref written8, sizeof(ulong));
            Unsafe.WriteUnaligned(ref next8, Unsafe.ReadUnaligned<ulong>(ref Unsafe.Subtract(ref next8, offset)));
            from += kind + 1;
            to += length;
        }

        (position, written) = (from, to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Move16(ref byte source, ref byte target) =>
        Unsafe.WriteUnaligned(ref target, Unsafe.ReadUnaligned<Vector128<byte>>(ref source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyLiteral(ReadOnlySpan<byte> input, int count, Span<byte> output)
    {
        if (count <= ShortBytes && ShortBytes <= Math.Min(input.Length, output.Length))
        {
            Vector128.Create(input[..ShortBytes]).CopyTo(output);
        }
        else
        {
            input[..count].CopyTo(output);
        }
    }

    private static int? Full(uint announced, int room) =>
        announced > room ? null : throw Corrupt($"has more than the {announced} bytes that it announces");

    private static ParquetException Corrupt(string problem) => ParquetException.Corrupt($"A Snappy block {problem}.");

    private static int ReadLength(ReadOnlySpan<byte> input, out uint length)
    {
        length = 0;
        for (var position = 0; position < Math.Min(5, input.Length); position++)
        {
            length |= (uint)(input[position] & 0x7F) << (7 * position);
            if (input[position] < 0x80)
            {
                return position + 1;
            }
        }

        throw Corrupt("does not begin with its length");
    }

    private static uint LiteralLength(ReadOnlySpan<byte> input, ref int position, byte tag)
    {
        var code = tag >> 2;
        if (code < 60)
        {
            return (uint)code + 1;
        }

        var width = code - 59;
        if (width > input.Length - position)
        {
            throw Corrupt("is cut off in a literal's length");
        }

        uint length = 0;
        for (var index = 0; index < width; index++)
        {
            length |= (uint)input[position++] << (8 * index);
        }

        return length == uint.MaxValue ? throw Corrupt("has a literal of 4 GiB") : length + 1;
    }

    private static (uint Offset, int Length) ReadCopy(ReadOnlySpan<byte> input, ref int position, byte tag)
    {
        var width = (tag & 3) switch { 1 => 1, 2 => 2, _ => 4 };
        if (width > input.Length - position)
        {
            throw Corrupt("is cut off in a copy");
        }

        var at = input[position..];
        position += width;
        return width switch
        {
            1 => (((uint)(tag & 0xE0) << 3) | at[0], ((tag >> 2) & 7) + 4),
            2 => (BinaryPrimitives.ReadUInt16LittleEndian(at), (tag >> 2) + 1),
            _ => (BinaryPrimitives.ReadUInt32LittleEndian(at), (tag >> 2) + 1),
        };
    }

    /// <summary>Copies from what was written, which repeats itself where the copy is longer than its distance.</summary>
    private static void Copy(Span<byte> output, int written, int offset, int count)
    {
        var source = written - offset;
        if (count <= ShortBytes && offset >= sizeof(ulong) && output.Length - written >= ShortBytes)
        {
            // In two halves, for the second may begin with what the first has written.
            var target = output.Slice(written, ShortBytes);
            var first = BinaryPrimitives.ReadUInt64LittleEndian(output[source..]);
            BinaryPrimitives.WriteUInt64LittleEndian(target, first);
            var second = BinaryPrimitives.ReadUInt64LittleEndian(output[(source + sizeof(ulong))..]);
            BinaryPrimitives.WriteUInt64LittleEndian(target[sizeof(ulong)..], second);
            return;
        }

        BackReference.Copy(output, written, offset, count);
    }
}
