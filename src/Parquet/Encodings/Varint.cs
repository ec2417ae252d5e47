namespace Latecomer.Parquet.Encodings;

/// <summary>Numbers of seven bits a byte, the least significant first, with the eighth set where more follow.</summary>
internal static class Varint
{
    /// <summary>Reads the number at <paramref name="position"/>, and moves it on.</summary>
    public static ulong Read(ReadOnlySpan<byte> data, ref int position, int maxBytes)
    {
        ulong value = 0;
        for (var shift = 0; shift < 7 * maxBytes; shift += 7)
        {
            if (position >= data.Length)
            {
                throw ParquetException.Corrupt("The page has fewer encoded values, levels or indices than its header says: it is cut off in a number.");
            }

            var next = data[position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw ParquetException.Corrupt($"The page has a number of more than {maxBytes} bytes.");
    }
}
