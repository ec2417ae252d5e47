namespace Latecomer.Parquet.Encodings;

/// <summary>Values taken apart into streams of their first bytes, their second bytes, and so on (Encodings.md, BYTE_STREAM_SPLIT).</summary>
internal static class ByteStreamSplit
{
    /// <summary>How many values of <paramref name="width"/> bytes a page has.</summary>
    public static int Count(ReadOnlyMemory<byte> page, int width) => page.Length % width == 0
        ? page.Length / width
        : throw ParquetException.Corrupt($"A page of {page.Length} bytes is said to hold streams of values of {width} bytes.");

    /// <summary>Puts values together again, from number <paramref name="first"/> on and as many as fit <paramref name="values"/>.</summary>
    public static void Join(ReadOnlySpan<byte> page, int width, int first, Span<byte> values)
    {
        var count = page.Length / width;
        for (var stream = 0; stream < width; stream++)
        {
            var from = page.Slice((stream * count) + first, values.Length / width);
            for (var (index, at) = (0, stream); index < from.Length; index++, at += width)
            {
                values[at] = from[index];
            }
        }
    }
}
