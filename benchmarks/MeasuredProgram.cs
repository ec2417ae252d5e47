using System.Diagnostics;

namespace Latecomer.Benchmarks;

/// <summary>A program that is run to its end, start and exit included, and what it took.</summary>
/// <param name="Name">How it is called in the report.</param>
/// <param name="File">What is run.</param>
/// <param name="Arguments">With what.</param>
internal sealed record MeasuredProgram(string Name, string File, params string[] Arguments)
{
    /// <summary>Seconds of each run so far, least first.</summary>
    internal List<double> Seconds { get; } = [];

    /// <summary>What the last run printed.</summary>
    internal string Output { get; private set; } = "";

    internal double Median => Medians.Of(Seconds);

    /// <summary>A part of this program itself, run as a process of its own.</summary>
    internal static MeasuredProgram OfThis(string name, params string[] arguments) => new(name, Environment.ProcessPath!, ["work", .. arguments]);

    /// <exception cref="BenchException">It failed.</exception>
    internal async Task Run()
    {
        var start = new ProcessStartInfo(File, Arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start) ?? throw new BenchException($"{File} did not start");
        var errors = process.StandardError.ReadToEndAsync();
        Output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Seconds.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
        if (process.ExitCode != 0)
        {
            throw new BenchException($"{Name} ended with exit code {process.ExitCode}: {await errors}");
        }
    }
}
