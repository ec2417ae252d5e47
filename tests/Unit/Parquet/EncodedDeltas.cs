namespace Latecomer.Tests.Unit.Parquet;

/// <summary>DELTA_BINARY_PACKED as Encodings.md tells it, without any regard for speed or size.</summary>
internal static class EncodedDeltas
{
    public static byte[] Of(IReadOnlyList<long> values, int blockValues = 128, int miniblocks = 4)
    {
        List<byte> encoded = [.. Varint((ulong)blockValues), .. Varint((ulong)miniblocks), .. Varint((ulong)values.Count), .. ZigZag(values.Count == 0 ? 0 : values[0])];
        var deltas = values.Skip(1).Select((value, index) => unchecked(value - values[index])).ToList();
        foreach (var block in deltas.Chunk(blockValues))
        {
            var least = block.Min();
            var excess = block.Select(delta => unchecked((ulong)(delta - least))).Chunk(blockValues / miniblocks).ToList();
            var widths = excess.Select(part => part.Max(value => 64 - System.Numerics.BitOperations.LeadingZeroCount(value))).ToList();
            encoded.AddRange(ZigZag(least));
            encoded.AddRange(Enumerable.Range(0, miniblocks).Select(index => index < widths.Count ? (byte)widths[index] : (byte)0));
            for (var index = 0; index < excess.Count; index++)
            {
                encoded.AddRange(Bits([.. excess[index], .. new ulong[(blockValues / miniblocks) - excess[index].Length]], widths[index]));
            }
        }

        return [.. encoded];
    }

    public static byte[] Varint(ulong value)
    {
        List<byte> bytes = [];
        for (; value > 0x7F; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        return [.. bytes, (byte)value];
    }

    /// <summary>Packs values one bit after the other, from the least significant on.</summary>
    public static byte[] Bits(IReadOnlyList<ulong> values, int width)
    {
        var bytes = new byte[((values.Count * width) + 7) / 8];
        for (var bit = 0; bit < values.Count * width; bit++)
        {
            bytes[bit / 8] |= (byte)(((values[bit / width] >> (bit % width)) & 1) << (bit % 8));
        }

        return bytes;
    }

    private static byte[] ZigZag(long value) => Varint((ulong)((value << 1) ^ (value >> 63)));
}
