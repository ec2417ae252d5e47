using System.Globalization;
using System.Text.Json;

namespace Latecomer.Benchmarks.Log;

/// <summary>A long log: opening it cold, beside programs that do the same, and following it, beside a short one.</summary>
internal static class LogBench
{
    private const int ShortLog = 1000;

    internal static async Task Run(int commits, int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("latecomer-bench-").FullName;
        try
        {
            Console.WriteLine(Machine.Describe());
            var (table, shortTable) = (Path.Combine(folder, "long"), Path.Combine(folder, "short"));
            var peers = LogPeers.Find();
            await peers.Generate(table, commits);
            await peers.Generate(shortTable, ShortLog);
            await Cold(peers, table, folder, commits, rounds);
            await Following(table, shortTable, commits, rounds);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task Cold(LogPeers peers, string table, string folder, int commits, int rounds)
    {
        var here = MeasuredProgram.OfThis("latecomer", "history", table);
        MeasuredProgram[] others = [.. await peers.Programs(table, folder)];
        for (var round = 0; round < rounds; round++)
        {
            foreach (var program in others.Append(here))
            {
                await program.Run();
            }
        }

        var check = Number(here.Output, "check");
        Write($"last data change per partition, {commits:N0} commits, medians of {rounds}, whole processes:");
        Write($"  {here.Name,-12} {here.Median:F2} s, {Number(here.Output, "peakBytes") / 1e6:F0} MB at most, check {check:F0}");
        foreach (var other in others)
        {
            var same = LogPeers.CheckOf(other) is not { } theirs ? "" : theirs == check ? ", same check" : throw new BenchException($"{other.Name} found {theirs}, latecomer {check}");
            Write($"  {other.Name,-12} {other.Median:F2} s, latecomer takes {here.Median / other.Median:F2} of that{same}");
        }
    }

    private static async Task Following(string table, string shortTable, int commits, int rounds)
    {
        var (longer, shorter) = (MeasuredProgram.OfThis("long", "follow", table), MeasuredProgram.OfThis("short", "follow", shortTable));
        var (longTimes, shortTimes) = (new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            await shorter.Run();
            await longer.Run();
            shortTimes.Add(Number(shorter.Output, "milliseconds"));
            longTimes.Add(Number(longer.Output, "milliseconds"));
        }

        Write($"one new commit followed, medians of {rounds}:");
        Write($"  {Medians.Of(shortTimes):F3} ms on {ShortLog:N0} commits, {Medians.Of(longTimes):F3} ms on {commits:N0}: ratio {Medians.Of(longTimes) / Medians.Of(shortTimes):F2}");
    }

    private static double Number(string json, string name)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty(name).GetDouble();
    }

    private static void Write(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
