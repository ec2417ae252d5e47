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

    private static readonly Regex Rate = new(@"^tps = (?<rate>[0-9.]+)", RegexOptions.Multiline | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10));

    public async Task Prepare()
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "insert.sql"), Insert);
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand("CREATE TABLE bench_row (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text NOT NULL)", connection);
        await create.ExecuteNonQueryAsync();
    }

    /// <summary>Transactions per second.</summary>
    public async Task<double> Run(double seconds)
    {
        var database = new NpgsqlConnectionStringBuilder(connectionString);
        var start = new ProcessStartInfo(Program(), [
            "-n", "-c", Number(Clients), "-j", "2", "-T", Number((int)Math.Max(1, seconds)), "-f", Path.Combine(folder, "insert.sql"),
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
        return Rate.Match(said) is { Success: true } match
            ? double.Parse(match.Groups["rate"].ValueSpan, CultureInfo.InvariantCulture)
            : throw new BenchException($"pgbench failed: {await errors}{said}");
    }

    /// <summary>Beside the server, or wherever PATH says.</summary>
    private static string Program() => Path.Combine(PostgresInstallation.Find(), "pgbench") is var beside && File.Exists(beside) ? beside : "pgbench";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
