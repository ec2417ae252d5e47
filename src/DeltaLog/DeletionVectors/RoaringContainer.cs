using System.Numerics;

namespace Latecomer.DeltaLog;

/// <summary>Some of 65536 neighbouring rows (RoaringFormatSpec, "Container storage"). Holds no more than the bytes that it was read from. Closed.</summary>
internal abstract class RoaringContainer
{
    /// <summary>How many rows a container spans.</summary>
    internal const int Span = 1 << 16;

    private RoaringContainer()
    {
    }

    /// <summary>The greatest row in it.</summary>
    internal abstract int Last { get; }

    /// <summary>Sets the flags of those of its rows that lie within <paramref name="flags"/>, whose first is of row <paramref name="from"/>; it may be negative.</summary>
    internal abstract void Mark(int from, Span<bool> flags);

    /// <summary>Few rows, each by its number, rising.</summary>
    internal sealed class Sparse(ushort[] rows) : RoaringContainer
    {
        internal override int Last => rows[^1];

        internal override void Mark(int from, Span<bool> flags)
        {
            var at = from <= 0 ? 0 : Array.BinarySearch(rows, (ushort)from);
            for (at = at < 0 ? ~at : at; at < rows.Length && rows[at] - from < flags.Length; at++)
            {
                flags[rows[at] - from] = true;
            }
        }
    }

    /// <summary>A bit for each row.</summary>
    internal sealed class Dense(ulong[] words) : RoaringContainer
    {
        internal const int Words = Span / 64;

        internal override int Last
        {
            get
            {
                var word = Array.FindLastIndex(words, bits => bits != 0);
                return (word * 64) + BitOperations.Log2(words[word]);
            }
        }

        internal override void Mark(int from, Span<bool> flags)
        {
            var end = Math.Min(Span, from + flags.Length);
            for (var row = Math.Max(from, 0); row < end; row++)
            {
                flags[row - from] |= (words[row >> 6] >> (row & 63) & 1) != 0;
            }
        }
    }

    /// <summary>Runs of rows: the first of each, and how many follow it; rising, and apart from each other.</summary>
    internal sealed class Runs(ushort[] startsAndLengths) : RoaringContainer
    {
        internal override int Last => startsAndLengths[^2] + startsAndLengths[^1];

        internal override void Mark(int from, Span<bool> flags)
        {
            for (var at = 0; at < startsAndLengths.Length; at += 2)
            {
                var start = Math.Max(startsAndLengths[at] - from, 0);
                var end = Math.Min(startsAndLengths[at] + startsAndLengths[at + 1] + 1 - from, flags.Length);
                if (start < end)
                {
                    flags[start..end].Fill(true);
                }
            }
        }
    }
}
