using System.Buffers;
using System.Numerics;

namespace Latecomer.Parquet.Encodings;

/// <summary>Encodes values as the hybrid of runs and bit-packed groups (Encodings.md, RLE).</summary>
internal static class RleEncoder
{
    /// <summary>A run shorter than a group is packed with its neighbours.</summary>
    private const int GroupValues = 8;

    /// <summary>Appends the encoding of <paramref name="values"/>, each of at most <paramref name="bitWidth"/> bits.</summary>
    public static void Encode<T>(ReadOnlySpan<T> values, int bitWidth, IBufferWriter<byte> output)
        where T : unmanaged, IBinaryInteger<T>
    {
        while (!values.IsEmpty)
        {
            var run = RunLength(values);
            if (run >= GroupValues)
            {
                WriteRun(int.CreateTruncating(values[0]), run, bitWidth, output);
            }
            else
            {
                run = PackedLength(values);
                WritePacked(values[..run], bitWidth, output);
            }

            values = values[run..];
        }
    }

    private static int RunLength<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryInteger<T>
    {
        var end = values.IndexOfAnyExcept(values[0]);
        return end < 0 ? values.Length : end;
    }

    /// <summary>Whole groups up to one that a run begins with, or all that is left.</summary>
    private static int PackedLength<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryInteger<T>
    {
        var length = GroupValues;
        while (length < values.Length && !(values.Length - length >= GroupValues && RunLength(values.Slice(length, GroupValues)) == GroupValues))
        {
            length += GroupValues;
        }

        return Math.Min(length, values.Length);
    }

    private static void WriteRun(int value, int count, int bitWidth, IBufferWriter<byte> output)
    {
        WriteVarint((uint)count << 1, output);
        var width = (bitWidth + 7) / 8;
        var span = output.GetSpan(width);
        for (var index = 0; index < width; index++)
        {
            span[index] = (byte)(value >> (8 * index));
        }

        output.Advance(width);
    }

    private static void WritePacked<T>(ReadOnlySpan<T> values, int bitWidth, IBufferWriter<byte> output)
        where T : unmanaged, IBinaryInteger<T>
    {
        var groups = (values.Length + GroupValues - 1) / GroupValues;
        WriteVarint(((uint)groups << 1) | 1, output);
        var bytes = groups * bitWidth;
        var span = output.GetSpan(bytes)[..bytes];
        span.Clear();
        BitPacking.Pack(values, bitWidth, span);
        output.Advance(bytes);
    }

    private static void WriteVarint(uint value, IBufferWriter<byte> output)
    {
        var span = output.GetSpan(5);
        var length = 0;
        for (; value >= 0x80; value >>= 7)
        {
            span[length++] = (byte)(value | 0x80);
        }

        span[length++] = (byte)value;
        output.Advance(length);
    }
}
