using Latecomer.Parquet;

namespace Latecomer.Tests.Unit.Parquet;

/// <summary>Damages Parquet files where it hurts: in the footer, at the headers of pages, and with numbers that claim a lot. The footer's length
/// keeps fitting, so that what is behind it is read.</summary>
internal static class FileMutation
{
    private const int TailBytes = 8;
    private const int HeaderBytes = 60;

    /// <summary>Varints and fixed numbers at the ends of their ranges.</summary>
    private static readonly byte[][] Extremes =
    [
        [0], [1], [0xFF, 0xFF, 0x03], [0x80, 0x80, 0x80, 0x04], [0xFF, 0xFF, 0xFF, 0x7F], [0x80, 0x80, 0x80, 0x80, 0x01], [0xFE, 0xFF, 0xFF, 0xFF, 0x0F],
        [0xFF, 0xFF, 0xFF, 0xFF, 0x0F], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
    ];

    /// <summary>A damaged copy. <paramref name="chunks"/> says where chunks begin.</summary>
    public static byte[] Of(byte[] file, IReadOnlyList<long> chunks, Random random)
    {
        var damaged = file.ToArray();
        for (var left = random.Next(1, 4); left > 0; left--)
        {
            damaged = Once(damaged, chunks, random);
        }

        return damaged;
    }

    /// <summary>Where the chunks of a sound file begin.</summary>
    public static IReadOnlyList<long> Chunks(ParquetFileMetadata metadata) =>
        [4, .. metadata.RowGroups.SelectMany(group => group.Columns).Select(chunk => chunk.Offset)];

    private static byte[] Once(byte[] file, IReadOnlyList<long> chunks, Random random)
    {
        var end = file.Length - TailBytes;
        var footer = Math.Clamp(BitConverter.ToInt32(file, end), 1, end - 4);
        var at = random.Next(4) switch
        {
            0 => random.Next(4, end),
            1 => (int)chunks[random.Next(chunks.Count)] + random.Next(HeaderBytes),
            _ => end - 1 - random.Next(footer),
        };
        at = Math.Clamp(at, 4, end - 1);
        var extreme = Extremes[random.Next(Extremes.Length)];
        return random.Next(6) switch
        {
            0 => Replaced(file, at, [(byte)random.Next(256)]),
            1 => Replaced(file, at, [(byte)(file[at] ^ (1 << random.Next(8)))]),
            2 => Replaced(file, at, extreme),
            3 => Spliced(file, at, Math.Min(random.Next(3), end - 1 - at), extreme, isFooter: at >= end - footer),
            4 => Spliced(file, at, Math.Min(random.Next(1, 5), end - 1 - at), [], isFooter: at >= end - footer),
            _ => Replaced(file, at, file.AsSpan(random.Next(4, end), 1 + random.Next(TailBytes)).ToArray()),
        };
    }

    private static byte[] Replaced(byte[] file, int at, byte[] with)
    {
        with.AsSpan(0, Math.Min(with.Length, file.Length - TailBytes - at)).CopyTo(file.AsSpan(at));
        return file;
    }

    private static byte[] Spliced(byte[] file, int at, int removed, byte[] added, bool isFooter)
    {
        byte[] spliced = [.. file[..at], .. added, .. file[(at + removed)..]];
        if (isFooter)
        {
            var length = spliced.AsSpan(spliced.Length - TailBytes);
            BitConverter.TryWriteBytes(length, BitConverter.ToInt32(length) + added.Length - removed);
        }

        return spliced;
    }
}
