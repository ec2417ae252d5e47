using System.Buffers.Binary;

namespace Latecomer.Parquet.Compression;

/// <summary>The checksum of pages: CRC-32 as gzip has it, eight bytes at a time by tables.</summary>
public static class Crc32
{
    private const uint Polynomial = 0xEDB8_8320;
    private const int Slices = 8;

    /// <summary>A table of 256 per distance from the end of eight bytes.</summary>
    private static readonly uint[] Table = Build();

    /// <summary>The checksum of bytes.</summary>
    public static uint Compute(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        var table = Table.AsSpan();
        while (data.Length >= Slices)
        {
            var low = BinaryPrimitives.ReadUInt32LittleEndian(data) ^ crc;
            var high = BinaryPrimitives.ReadUInt32LittleEndian(data[4..]);
            crc = table[(7 * 256) + (int)(low & 0xFF)] ^ table[(6 * 256) + (int)((low >> 8) & 0xFF)]
                ^ table[(5 * 256) + (int)((low >> 16) & 0xFF)] ^ table[(4 * 256) + (int)(low >> 24)]
                ^ table[(3 * 256) + (int)(high & 0xFF)] ^ table[(2 * 256) + (int)((high >> 8) & 0xFF)]
                ^ table[256 + (int)((high >> 16) & 0xFF)] ^ table[(int)(high >> 24)];
            data = data[Slices..];
        }

        foreach (var part in data)
        {
            crc = (crc >> 8) ^ table[(int)((crc ^ part) & 0xFF)];
        }

        return ~crc;
    }

    private static uint[] Build()
    {
        var table = new uint[Slices * 256];
        for (var index = 0; index < 256; index++)
        {
            var crc = (uint)index;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * Polynomial);
            }

            table[index] = crc;
        }

        for (var index = 256; index < table.Length; index++)
        {
            var previous = table[index - 256];
            table[index] = (previous >> 8) ^ table[(int)(previous & 0xFF)];
        }

        return table;
    }
}
