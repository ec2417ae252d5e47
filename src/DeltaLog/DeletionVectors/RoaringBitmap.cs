using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Latecomer.DeltaLog;

/// <summary>Reads the portable form of a 32-bit Roaring bitmap (RoaringFormatSpec). What is not sound is an <see cref="InvalidDataException"/>; memory follows
/// the bytes that are there.</summary>
internal static class RoaringBitmap
{
    private const uint Cookie = 12_347;
    private const uint CookieWithoutRuns = 12_346;
    private const int MostContainers = 1 << 16;
    private const int MostInArray = 4_096;
    private const int LeastWithOffsets = 4;
    private const int HeaderBytes = 4;

    /// <summary>Adds the bitmap's containers, which begin at row <paramref name="first"/>; returns how many rows are in them.</summary>
    internal static long Read(ref BitmapBytes bytes, long first, List<(long First, RoaringContainer Rows)> containers)
    {
        var cookie = bytes.UInt32("a bitmap's cookie");
        var hasRuns = (cookie & 0xFFFF) == Cookie;
        if (!hasRuns && cookie != CookieWithoutRuns)
        {
            throw new InvalidDataException($"a bitmap begins with {cookie}, which is no Roaring bitmap of the portable form");
        }

        var count = hasRuns ? (cookie >> 16) + 1 : bytes.UInt32("a bitmap's size");
        if (count > MostContainers)
        {
            throw new InvalidDataException($"a bitmap claims {count} containers; there are at most {MostContainers}");
        }

        var runs = hasRuns ? bytes.Take(((int)count + 7) / 8, "a bitmap's run flags") : [];
        var headers = bytes.Take((int)count * HeaderBytes, "a bitmap's headers");
        if (!hasRuns || count >= LeastWithOffsets)
        {
            // Containers follow each other, so that where they begin is known.
            bytes.Take((int)count * sizeof(uint), "a bitmap's offsets");
        }

        var (total, previous) = (0L, -1);
        for (var at = 0; at < count; at++)
        {
            var key = BinaryPrimitives.ReadUInt16LittleEndian(headers[(at * HeaderBytes)..]);
            var cardinality = BinaryPrimitives.ReadUInt16LittleEndian(headers[((at * HeaderBytes) + 2)..]) + 1;
            if (key <= previous)
            {
                throw new InvalidDataException($"container {key} comes after container {previous}");
            }

            var isRuns = hasRuns && (runs[at / 8] >> (at % 8) & 1) != 0;
            containers.Add((first + ((long)key * RoaringContainer.Span), ReadContainer(ref bytes, isRuns, cardinality)));
            total += cardinality;
            previous = key;
        }

        return total;
    }

    private static RoaringContainer ReadContainer(ref BitmapBytes bytes, bool isRuns, int cardinality) =>
        isRuns ? ReadRuns(ref bytes, cardinality)
        : cardinality <= MostInArray ? ReadSparse(ref bytes, cardinality)
        : ReadDense(ref bytes, cardinality);

    private static RoaringContainer.Sparse ReadSparse(ref BitmapBytes bytes, int cardinality)
    {
        var rows = UInt16s(bytes.Take(cardinality * sizeof(ushort), "an array container"));
        for (var at = 1; at < rows.Length; at++)
        {
            if (rows[at] <= rows[at - 1])
            {
                throw new InvalidDataException($"row {rows[at]} comes after row {rows[at - 1]} in an array container");
            }
        }

        return new RoaringContainer.Sparse(rows);
    }

    private static RoaringContainer.Dense ReadDense(ref BitmapBytes bytes, int cardinality)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes.Take(RoaringContainer.Dense.Words * sizeof(ulong), "a bitmap container")).ToArray();
        if (!BitConverter.IsLittleEndian)
        {
            BinaryPrimitives.ReverseEndianness(words, words);
        }

        var set = words.Sum(BitOperations.PopCount);
        return set == cardinality
            ? new RoaringContainer.Dense(words)
            : throw new InvalidDataException($"a bitmap container has {set} rows, and its header says {cardinality}");
    }

    private static RoaringContainer.Runs ReadRuns(ref BitmapBytes bytes, int cardinality)
    {
        var count = bytes.UInt16("a run container");
        var runs = UInt16s(bytes.Take(count * 2 * sizeof(ushort), "a run container"));
        var (total, end) = (0, -1);
        for (var at = 0; at < runs.Length; at += 2)
        {
            if (runs[at] <= end || runs[at] + runs[at + 1] >= RoaringContainer.Span)
            {
                throw new InvalidDataException($"a run of {runs[at + 1] + 1} rows from {runs[at]} on does not fit a run container after row {end}");
            }

            end = runs[at] + runs[at + 1];
            total += runs[at + 1] + 1;
        }

        return total == cardinality
            ? new RoaringContainer.Runs(runs)
            : throw new InvalidDataException($"a run container has {total} rows, and its header says {cardinality}");
    }

    private static ushort[] UInt16s(ReadOnlySpan<byte> bytes)
    {
        var values = MemoryMarshal.Cast<byte, ushort>(bytes).ToArray();
        if (!BitConverter.IsLittleEndian)
        {
            BinaryPrimitives.ReverseEndianness(values, values);
        }

        return values;
    }
}
