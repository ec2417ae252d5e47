using System.Globalization;
using Latecomer.Actors;

namespace Latecomer.Tests.Nemesis;

/// <summary>Runs one seed, and says what came of it.</summary>
internal static class Program
{
    private const int Broken = 1;
    private const int Misused = 2;

    public static async Task<int> Main(string[] arguments)
    {
        if (CommandLine.Parse(arguments) is not { } line)
        {
            await Console.Error.WriteLineAsync(CommandLine.Usage);
            return Misused;
        }

        var folder = Directory.CreateTempSubdirectory("latecomer-nemesis-").FullName;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {line.Seed}, {line.Time.TotalSeconds} s"));
        var verdict = await Live(line, folder);
        if (verdict.Broken is not null)
        {
            Console.WriteLine($"BROKEN: {verdict.Broken}");
            Console.WriteLine($"seed {line.Seed}; logs, histories and tables are in {folder}");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"it is repeated, as far as time lets it, by: tests/Nemesis/run --seconds {line.Time.TotalSeconds} --seed {line.Seed}"));
            return Broken;
        }

        Console.WriteLine($"seed {line.Seed}: no invariant broken, backlog 0, {ActorIds.Catalog().Shards.Count()} shards owned");
        if (line.Keep)
        {
            Console.WriteLine($"logs, histories and tables are in {folder}");
        }
        else
        {
            Directory.Delete(folder, recursive: true);
        }

        return 0;
    }

    private static async Task<Verdict> Live(CommandLine line, string folder)
    {
        await using var run = await NemesisRun.Create(folder, line.Seed, Console.Out);
        var verdict = await run.Live(line.Time, TestCluster.Expiry + TestCluster.TakeOver);
        Console.WriteLine($"        {string.Join(", ", run.Faults.Select(f => $"{f.Value} {f.Key}"))}");
        Console.WriteLine(
            $"        {run.Requests} requests, {run.Loads} loads, {run.Compactions} commits without data change, {run.HintsSaidAgain} calls with hints said again, {run.ClocksSeenOff} clocks seen off, {verdict.Turns} turns in {verdict.Batches} batches, {verdict.Runs} runs, {verdict.Backfills} of them backfills, "
            + $"{verdict.Works} works; {verdict.Refused} attempts refused by the fence, {verdict.PoisonSetAside} poisoned messages set aside");
        return verdict;
    }
}
