namespace Latecomer.Parquet.Compression;

/// <summary>The copies of dictionary coders, out of what they have written already.</summary>
internal static class BackReference
{
    /// <summary>Copies <paramref name="count"/> bytes from <paramref name="offset"/> bytes back; they repeat themselves where the copy is
    /// longer than its distance.</summary>
    public static void Copy(Span<byte> output, int written, int offset, int count)
    {
        var source = written - offset;
        while (count > 0)
        {
            // What lies between source and target doubles with every round.
            var part = Math.Min(count, written - source);
            output.Slice(source, part).CopyTo(output[written..]);
            written += part;
            count -= part;
        }
    }
}
