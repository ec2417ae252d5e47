namespace Latecomer.Benchmarks;

/// <summary>The middle of what was measured: on a machine that does other things too, a mean says more of them.</summary>
internal static class Medians
{
    internal static double Of(IReadOnlyCollection<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
