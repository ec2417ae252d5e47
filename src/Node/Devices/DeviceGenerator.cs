namespace Latecomer.Node.Devices;

/// <summary>
/// Makes device rows. The same seed and number give the same rows in the same order, on every machine. A share of them can be late:
/// those belong to the same date and are delivered apart, to be loaded after the date was processed. Which rows are late does not
/// change which rows there are, so what was on time and what was late together are the whole.
/// </summary>
internal static class DeviceGenerator
{
    // Drawn from a sequence of its own, so that the share decides who is late and never who exists.
    private const int LatenessStream = 0x1a7e;

    /// <summary>Makes <paramref name="rows"/> rows, of which <paramref name="lateShare"/> (0 to 1, rounded to whole rows) are late.</summary>
    public static GeneratedDevices Generate(int rows, int seed, double lateShare)
    {
        var random = new Random(seed);
        var all = Enumerable.Range(0, rows).Select(_ => Next(random)).ToList();
        var order = Enumerable.Range(0, rows).ToArray();
        new Random(seed ^ LatenessStream).Shuffle(order);
        var late = order.Take((int)Math.Round(rows * lateShare, MidpointRounding.AwayFromZero)).ToHashSet();
        return new GeneratedDevices([.. all.Where((_, i) => !late.Contains(i))], [.. all.Where((_, i) => late.Contains(i))]);
    }

    private static Device Next(Random random)
    {
        var family = DeviceFamilies.All[random.Next(DeviceFamilies.All.Count)];
        return new Device(family.Type, family.Models[random.Next(family.Models.Count)], family.Versions[random.Next(family.Versions.Count)]);
    }
}

/// <summary>Rows of one date.</summary>
/// <param name="OnTime">Those that are there when the date is processed.</param>
/// <param name="Late">Those that arrive after it.</param>
internal sealed record GeneratedDevices(IReadOnlyList<Device> OnTime, IReadOnlyList<Device> Late);
