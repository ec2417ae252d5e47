namespace Latecomer.Tests.Fuzz;

/// <summary>Damages bytes that nothing is known of.</summary>
internal static class ByteMutation
{
    /// <summary>Varints and fixed numbers at the ends of their ranges, and bytes that end UTF-8.</summary>
    private static readonly byte[][] Extremes =
    [
        [0], [1], [0xFF], [0x80], [0xFF, 0xFF, 0x03], [0x80, 0x80, 0x80, 0x04], [0xFF, 0xFF, 0xFF, 0x7F], [0x80, 0x80, 0x80, 0x80, 0x01],
        [0xFE, 0xFF, 0xFF, 0xFF, 0x0F], [0xFF, 0xFF, 0xFF, 0xFF, 0x0F], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
        [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], [0, 0, 0, 0, 0, 0, 0, 0], [0xC3, 0x28], [0xED, 0xA0, 0x80],
    ];

    /// <summary>A damaged copy, longer or shorter or of the same length.</summary>
    public static byte[] Of(ReadOnlySpan<byte> bytes, SeededRandom random)
    {
        var at = Place(bytes.Length, random);
        return random.Below(9) switch
        {
            0 when bytes.Length > 0 => Spliced(bytes, at, 1, [(byte)random.Next()]),
            1 when bytes.Length > 0 => Spliced(bytes, at, 1, [(byte)(bytes[Math.Min(at, bytes.Length - 1)] ^ (1 << random.Below(8)))]),
            2 => Spliced(bytes, at, random.Below(4), random.Pick(Extremes)),
            3 => Overwritten(bytes, at, random.Pick(Extremes)),
            4 => Spliced(bytes, at, random.Between(1, 5), []),
            5 => bytes[..at].ToArray(),
            6 => Filled(bytes, at, random.Between(1, 40), (byte)random.Pick([0, 1, 0x80, 0xFF])),
            7 => Overwritten(bytes, at, Part(bytes, random)),
            _ => Spliced(bytes, at, 0, Part(bytes, random)),
        };
    }

    /// <summary>A damaged copy of the same length.</summary>
    public static byte[] SameLength(ReadOnlySpan<byte> bytes, SeededRandom random)
    {
        var at = Place(bytes.Length, random);
        return random.Below(5) switch
        {
            0 => Overwritten(bytes, at, [(byte)random.Next()]),
            1 => Overwritten(bytes, at, [(byte)((at < bytes.Length ? bytes[at] : 0) ^ (1 << random.Below(8)))]),
            2 => Overwritten(bytes, at, random.Pick(Extremes)),
            3 => Filled(bytes, at, random.Between(1, 40), (byte)random.Pick([0, 1, 0x80, 0xFF])),
            _ => Overwritten(bytes, at, Part(bytes, random)),
        };
    }

    /// <summary>Where headers stand more often than elsewhere: at the beginning.</summary>
    private static int Place(int length, SeededRandom random) => random.Below((random.Below(3) == 0 ? Math.Min(length, 24) : length) + 1);

    private static byte[] Part(ReadOnlySpan<byte> bytes, SeededRandom random)
    {
        var at = random.Below(bytes.Length + 1);
        return bytes[at..Math.Min(bytes.Length, at + random.Between(1, 32))].ToArray();
    }

    private static byte[] Spliced(ReadOnlySpan<byte> bytes, int at, int removed, ReadOnlySpan<byte> added) =>
        [.. bytes[..at], .. added, .. bytes[Math.Min(bytes.Length, at + removed)..]];

    private static byte[] Overwritten(ReadOnlySpan<byte> bytes, int at, ReadOnlySpan<byte> with)
    {
        var copy = bytes.ToArray();
        with[..Math.Min(with.Length, copy.Length - at)].CopyTo(copy.AsSpan(at));
        return copy;
    }

    private static byte[] Filled(ReadOnlySpan<byte> bytes, int at, int count, byte value)
    {
        var copy = bytes.ToArray();
        copy.AsSpan(at, Math.Min(count, copy.Length - at)).Fill(value);
        return copy;
    }
}
