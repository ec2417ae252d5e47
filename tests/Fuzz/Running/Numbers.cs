namespace Latecomer.Tests.Fuzz;

/// <summary>Numbers in the place of others: near ones, and those at the ends of ranges.</summary>
internal static class Numbers
{
    private static readonly long[] Ends =
    [
        0, 1, -1, 2, 3, 4, 7, 8, 16, 31, 32, 33, 64, 127, 128, 255, 256, 1_000, 65_535, 65_536, 1_000_000, 1 << 24, 1 << 30,
        int.MaxValue, int.MaxValue - 1, int.MinValue, uint.MaxValue, 1L << 33, 1L << 40, long.MaxValue, long.MaxValue - 1, long.MinValue,
    ];

    public static long Other(long number, SeededRandom random) => random.Below(9) switch
    {
        0 => number + 1,
        1 => number - 1,
        2 => number * 2,
        3 => number / 2,
        4 => -number,
        5 => number ^ (1L << random.Below(random.Half() ? 8 : 64)),
        6 => random.Below(20),
        _ => random.Pick(Ends),
    };
}
