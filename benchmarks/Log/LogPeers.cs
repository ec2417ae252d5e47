using System.Text.Json;

namespace Latecomer.Benchmarks.Log;

/// <summary>Other programs that do the same work, from <c>../shared/bench/delta-log</c> beside the checkout. Those whose tools are missing here are left out.</summary>
internal sealed class LogPeers
{
    private readonly string? _folder;

    private LogPeers(string? folder) => _folder = folder;

    internal static LogPeers Find()
    {
        var checkout = Environment.GetEnvironmentVariable("LATECOMER_ROOT");
        var folder = Path.Combine(checkout ?? Environment.CurrentDirectory, "..", "shared", "bench", "delta-log");
        if (Directory.Exists(folder))
        {
            return new LogPeers(folder);
        }

        Console.WriteLine("no ../shared/bench/delta-log here: no peers, and a log of our own generator");
        return new LogPeers(null);
    }

    /// <summary>The sum that a program printed; null for one that only reads.</summary>
    internal static double? CheckOf(MeasuredProgram program)
    {
        if (!program.Output.TrimStart().StartsWith('{'))
        {
            return null;
        }

        using var document = JsonDocument.Parse(program.Output);
        return document.RootElement.GetProperty("check").GetDouble();
    }

    /// <summary>Writes a log, by the peers' own generator where it can run.</summary>
    internal async Task Generate(string table, int commits)
    {
        if (_folder is not null && Has("python3"))
        {
            var log = Path.Combine(table, "_delta_log");
            await new MeasuredProgram("generator", "python3", Path.Combine(_folder, "gen.py"), log, $"{commits}").Run();
            return;
        }

        LogGenerator.Write(table, commits);
    }

    internal async Task<IReadOnlyList<MeasuredProgram>> Programs(string table, string scratch)
    {
        var programs = new List<MeasuredProgram>();
        if (_folder is null)
        {
            return programs;
        }

        var log = Path.Combine(table, "_delta_log");
        if (Has("cc"))
        {
            var floor = Path.Combine(scratch, "floor");
            await new MeasuredProgram("compiler", "cc", "-O2", "-o", floor, Path.Combine(_folder, "floor.c")).Run();
            programs.Add(new MeasuredProgram("C floor", floor, log));
        }

        if (Has("node"))
        {
            programs.Add(new MeasuredProgram("node loop", "node", Path.Combine(_folder, "loop.mjs"), log));
        }

        if (Has("python3"))
        {
            programs.Add(new MeasuredProgram("python loop", "python3", Path.Combine(_folder, "loop.py"), log));
        }

        return programs;
    }

    private static bool Has(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, program)));
}
