namespace Latecomer.DeltaLog;

/// <summary>Reads the bytes of a deletion vector: Roaring bitmaps by the upper halves of row numbers (PROTOCOL.md, "Deletion Vector Format"). What is not sound
/// is an <see cref="InvalidDataException"/>; memory follows the bytes that are there.</summary>
internal static class RoaringBitmapArray
{
    private const uint Magic = 1_681_511_377;

    /// <summary>A key, a cookie and a size.</summary>
    private const int LeastBitmapBytes = 12;

    internal static DeletedRows Read(ReadOnlySpan<byte> content)
    {
        var bytes = new BitmapBytes(content);
        if (bytes.UInt32("the magic number") is var magic && magic != Magic)
        {
            throw new InvalidDataException($"it begins with {magic} and not with {Magic}");
        }

        var count = bytes.UInt64("the number of bitmaps");
        if (count > (ulong)(bytes.Left / LeastBitmapBytes))
        {
            throw new InvalidDataException($"it claims {count} bitmaps in {bytes.Left} bytes");
        }

        var containers = new List<(long First, RoaringContainer Rows)>();
        var (total, previous) = (0L, -1L);
        for (var at = 0UL; at < count; at++)
        {
            var key = bytes.UInt32("a bitmap's key");
            if (key <= previous || key > int.MaxValue)
            {
                throw new InvalidDataException(key > int.MaxValue
                    ? $"a bitmap has key {key}, and no row has a number that great"
                    : $"the bitmap of key {key} comes after that of key {previous}");
            }

            total += RoaringBitmap.Read(ref bytes, (long)key << 32, containers);
            previous = key;
        }

        return bytes.Left == 0
            ? new DeletedRows(containers, total)
            : throw new InvalidDataException($"{bytes.Left} bytes follow its last bitmap");
    }
}
