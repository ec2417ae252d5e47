using System.Numerics;
using Latecomer.Parquet.Encodings;

namespace Latecomer.Parquet.Writing;

/// <summary>A page's dictionary indices: a byte with their width, then the hybrid of runs and groups.</summary>
internal static class IndexEncoding
{
    public static void Encode(ReadOnlySpan<int> indices, int dictionaryCount, PageBuffer output)
    {
        var bitWidth = BitWidth(dictionaryCount);
        output.GetSpan(1)[0] = (byte)bitWidth;
        output.Advance(1);
        RleEncoder.Encode(indices, bitWidth, output);
    }

    /// <summary>Whether a first page of <paramref name="plainBytes"/> gets smaller by a dictionary of
    /// <paramref name="dictionaryBytes"/>; if it does not, the rest of the chunk hardly will.</summary>
    public static bool PaysOff(int indexCount, int dictionaryCount, int dictionaryBytes, int plainBytes) =>
        dictionaryBytes + BitPacking.BytesFor(indexCount, BitWidth(dictionaryCount)) < plainBytes;

    private static int BitWidth(int dictionaryCount) => BitOperations.Log2((uint)Math.Max(dictionaryCount - 1, 1)) + 1;
}
