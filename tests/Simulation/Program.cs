using System.Diagnostics;
using System.Globalization;

namespace Latecomer.Tests.Simulation;

/// <summary>Runs seeds, as many at once as there are cores, and says what came of them.</summary>
internal static class Program
{
    private const int Found = 1;
    private const int Misused = 2;

    public static int Main(string[] arguments)
    {
        if (CommandLine.Parse(arguments) is not { } line)
        {
            Console.Error.WriteLine(CommandLine.Usage);
            return Misused;
        }

        var watch = Stopwatch.StartNew();
        var results = RunAll(line);
        var found = results.Where(r => r.Violation is not null).MinBy(r => r.Seed);
        if (found is not null)
        {
            Print(found, line);
        }

        var seeds = results.Count == 1 ? $"seed {line.Seed}" : string.Create(CultureInfo.InvariantCulture, $"{results.Count} seeds from {line.Seed}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{seeds}: {(found is null ? "every invariant held" : "an invariant was violated")}; {results.Sum(r => (long)r.Turns)} turns, at least {results.Min(r => r.Turns)} of a seed; {results.Sum(r => r.Crashes)} crashes, at least {results.Min(r => r.Crashes)}; {results.Sum(r => r.Runs)} runs, {results.Sum(r => r.Backfills)} of them backfills; {watch.Elapsed.TotalSeconds:F1} s."));
        Console.WriteLine($"On the way: {string.Join(", ", results.SelectMany(r => r.Counts).GroupBy(c => c.Key, c => c.Value).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Sum()} {g.Key}"))}.");
        return found is null ? 0 : Found;
    }

    /// <summary>Stops at the first violation: the seeds below it are run to their end.</summary>
    private static List<SimulationResult> RunAll(CommandLine line)
    {
        var results = new List<SimulationResult>();
        var next = -1L;
        var end = (long)line.Seeds;
        void RunSome()
        {
            while (Interlocked.Increment(ref next) is var i && i < Interlocked.Read(ref end))
            {
                var result = SeededSimulation.Run(line.Seed + (ulong)i, line.Break, line.Trace ? Console.Out : null, line.Store);
                lock (results)
                {
                    results.Add(result);
                }

                if (result.Violation is not null)
                {
                    Interlocked.Exchange(ref end, Math.Min(Interlocked.Read(ref end), i));
                }
            }
        }

        var workers = Enumerable.Range(0, line.Trace ? 1 : Environment.ProcessorCount).Select(_ => new Thread(RunSome)).ToList();
        workers.ForEach(w => w.Start());
        workers.ForEach(w => w.Join());
        return results;
    }

    private static void Print(SimulationResult found, CommandLine line)
    {
        Console.WriteLine($"The last steps of seed {found.Seed}:");
        foreach (var step in found.LastLines)
        {
            Console.WriteLine($"  {step}");
        }

        var broken = line.Break is { } b ? $" --break {CommandLine.NameOf(b)}" : "";
        var store = line.Store == StoreKind.Memory ? "" : $" --store {CommandLine.NameOf(line.Store)}";
        Console.WriteLine();
        Console.WriteLine($"Seed {found.Seed} violates invariant {found.Violation}");
        Console.WriteLine($"It is repeated by: tests/Simulation/run --seed {found.Seed}{broken}{store}");
    }
}
