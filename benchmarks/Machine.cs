using System.Runtime.InteropServices;

namespace Latecomer.Benchmarks;

/// <summary>What the figures were measured on.</summary>
internal static class Machine
{
    internal static string Describe() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}");

    /// <summary>The most memory that this process ever held, in bytes.</summary>
    internal static long PeakMemory()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
