using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Latecomer.Tests.Testing.Postgres;
using Npgsql;

namespace Latecomer.Benchmarks.Turns;

/// <summary>PostgreSQL's own benchmark: transactions that insert one row each, of about the size of a message.</summary>
internal sealed class Pgbench(string connectionString, string folder)
{
    /// <summary>Each has one transaction in flight.</summary>
    public const int Clients = 32;

    private const string Insert = "INSERT INTO bench_row (body) VALUES ('{\"runId\":\"scheduled__2026-01-01T00:00:00Z\",\"other\":\"Partition/bench/4711\"}');";

    private const double LongestSeconds = 120;

    private static readonly Regex Processed = new(
        @"actually processed: (?<count>[0-9]+).*^tps = (?<rate>[0-9.]+)", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10));

    public async Task Prepare()
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "insert.sql"), Insert);
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand("CREATE TABLE bench_row (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text NOT NULL)", connection);
        await create.ExecuteNonQueryAsync();
    }

    /// <summary>Inserts for so long; for longer where all of it passed before the clients had connected.</summary>
    public async Task<Inserts> Run(double seconds)
    {
        for (var time = Math.Max(1, seconds); ; time *= 2)
        {
            var said = await Say(time);
            if (Processed.Match(said) is { Success: true } match)
            {
                return new Inserts(long.Parse(match.Groups["count"].ValueSpan, CultureInfo.InvariantCulture), double.Parse(match.Groups["rate"].ValueSpan, CultureInfo.InvariantCulture));
            }

            if (time >= LongestSeconds)
            {
                throw new BenchException($"pgbench inserted nothing: {said}");
            }
        }
    }

    private async Task<string> Say(double seconds)
    {
        var database = new NpgsqlConnectionStringBuilder(connectionString);
        var start = new ProcessStartInfo(Program(), [
            "-n", "-c", Number(Clients), "-j", "2", "-T", Number((int)seconds), "-f", Path.Combine(folder, "insert.sql"),
            "-h", database.Host!, "-p", Number(database.Port), "-U", database.Username!, database.Database!])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["PGPASSWORD"] = database.Password;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? said : throw new BenchException($"pgbench failed: {await errors}{said}");
    }

    /// <summary>Beside the server, or wherever PATH says.</summary>
    private static string Program() => Path.Combine(PostgresInstallation.Find(), "pgbench") is var beside && File.Exists(beside) ? beside : "pgbench";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>What it did in a time.</summary>
    /// <param name="Count">Transactions that were committed.</param>
    /// <param name="Rate">Of them in a second, the time to connect left out.</param>
    internal readonly record struct Inserts(long Count, double Rate);
}
