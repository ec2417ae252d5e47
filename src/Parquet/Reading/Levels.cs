using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Latecomer.Parquet.Reading;

/// <summary>From definition levels to what has a value.</summary>
internal static class Levels
{
    /// <summary>Sets a flag (0 or 1) per level, whether it is at least <paramref name="bound"/>, and counts those that are.</summary>
    public static int AtLeast(ReadOnlySpan<byte> levels, byte bound, Span<byte> flags)
    {
        var index = 0;
        var width = Vector128<byte>.Count;
        for (; index <= levels.Length - width; index += width)
        {
            var isAtLeast = Vector128.GreaterThanOrEqual(Vector128.Create(levels.Slice(index, width)), Vector128.Create(bound));
            (isAtLeast & Vector128<byte>.One).CopyTo(flags.Slice(index, width));
        }

        for (; index < levels.Length; index++)
        {
            flags[index] = levels[index] >= bound ? (byte)1 : (byte)0;
        }

        return flags[..levels.Length].Count((byte)1);
    }

    /// <summary>Leaves out levels below <paramref name="slot"/>, which are no slots, and sets a flag for each other, whether it is at
    /// least <paramref name="bound"/>.</summary>
    public static (int Slots, int Present) SlotsAtLeast(ReadOnlySpan<byte> levels, byte slot, byte bound, Span<bool> flags)
    {
        var slots = 0;
        var bytes = MemoryMarshal.AsBytes(flags);
        foreach (var level in levels)
        {
            if (level >= slot)
            {
                bytes[slots++] = level >= bound ? (byte)1 : (byte)0;
            }
        }

        return (slots, bytes[..slots].Count((byte)1));
    }
}
