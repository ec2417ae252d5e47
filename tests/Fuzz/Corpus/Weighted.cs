namespace Latecomer.Tests.Fuzz;

/// <summary>Things of different sizes, of which the small ones are taken more often: they are read faster, and what they are damaged in is a larger part of them.</summary>
internal sealed class Weighted<T>
{
    private const int Handicap = 3_000;
    private const double Scale = 1e9;

    private readonly double[] sums;

    public Weighted(IReadOnlyList<T> items, Func<T, long> size)
    {
        Items = items;
        sums = new double[items.Count];
        var sum = 0.0;
        for (var index = 0; index < items.Count; index++)
        {
            sums[index] = sum += 1.0 / (size(items[index]) + Handicap);
        }
    }

    public IReadOnlyList<T> Items { get; }

    public T Pick(SeededRandom random)
    {
        var at = random.Below((int)Scale) / Scale * sums[^1];
        var index = Array.BinarySearch(sums, at);
        return Items[Math.Min(index < 0 ? ~index : index, Items.Count - 1)];
    }
}
