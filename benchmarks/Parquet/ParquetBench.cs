using System.Globalization;
using System.Text.Json;

namespace Latecomer.Benchmarks.Parquet;

/// <summary>A large Parquet file: three columns read and added up, and all of it written, beside DuckDB on one thread.</summary>
internal static class ParquetBench
{
    internal static async Task Run(int rows, int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("latecomer-bench-").FullName;
        try
        {
            Console.WriteLine(Machine.Describe());
            var file = Path.Combine(folder, "rows.parquet");
            var duck = await DuckDb.TryInstall(folder);
            if (duck is null)
            {
                await ParquetGenerator.Write(file, rows);
            }
            else
            {
                await duck.Program("generate", file, $"{rows}").Run();
            }

            Write($"{rows:N0} rows, 7 columns, Snappy, {new FileInfo(file).Length / 1e6:F0} MB; medians of {rounds}, one thread, without the start of the processes:");
            await Compare("scan of 3 columns", rounds, MeasuredProgram.OfThis("latecomer", "scan", file), duck?.Program("scan", file));
            await Compare(
                "write of 7 columns",
                rounds,
                MeasuredProgram.OfThis("latecomer", "write", file, Path.Combine(folder, "ours.parquet")),
                duck?.Program("write", file, Path.Combine(folder, "theirs.parquet")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task Compare(string what, int rounds, MeasuredProgram here, MeasuredProgram? peer)
    {
        var (ours, theirs, first) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            await here.Run();
            ours.Add(Seconds(here));
            if (peer is not null)
            {
                await peer.Run();
                theirs.Add(Seconds(peer));
                first.AddRange(FirstRatio(here, peer));
            }
        }

        if (peer is null)
        {
            Write($"  {what}: {Medians.Of(ours):F2} s");
            return;
        }

        var (check, expected) = (Check(here), Check(peer));
        if (check != expected)
        {
            throw new BenchException($"{what}: latecomer found {check}, {peer.Name} {expected}");
        }

        var speed = Medians.Of(theirs) / Medians.Of(ours);
        Write($"  {what}: {Medians.Of(ours):F2} s, {peer.Name} {Medians.Of(theirs):F2} s: {speed:F2} of its speed{(check is null ? "" : ", same checksum")}");
        if (first.Count > 0)
        {
            Write($"    the first time in a process, code still being compiled: {Medians.Of(first):F2} of its speed");
        }
    }

    private static double Seconds(MeasuredProgram program) => Of(program).GetProperty("seconds").GetDouble();

    private static IEnumerable<double> FirstRatio(MeasuredProgram here, MeasuredProgram peer) =>
        Of(here).TryGetProperty("first", out var ours) && Of(peer).TryGetProperty("first", out var theirs) ? [theirs.GetDouble() / ours.GetDouble()] : [];

    private static string? Check(MeasuredProgram program) => Of(program).TryGetProperty("check", out var check) ? check.GetString() : null;

    private static JsonElement Of(MeasuredProgram program) => JsonSerializer.Deserialize<JsonElement>(program.Output);

    private static void Write(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
