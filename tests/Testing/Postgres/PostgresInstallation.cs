using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Latecomer.Tests.Testing.Postgres;

/// <summary>Where PostgreSQL's programs are: on PATH, or where Debian puts them.</summary>
public static class PostgresInstallation
{
    private const int OldestVersion = 15;
    private const string DebianFolder = "/usr/lib/postgresql";

    private static readonly Regex Version = new(@"PostgreSQL\) (?<major>[0-9]+)", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10));

    /// <summary>Whether a server can be started here.</summary>
    public static bool IsThere => Candidates().Any(IsNewEnough);

    /// <summary>The folder that has initdb, pg_ctl and postgres, 15 or newer.</summary>
    public static string Find() =>
        Candidates().FirstOrDefault(IsNewEnough)
        ?? throw new InvalidOperationException("These tests need PostgreSQL 15 or newer: type sudo apt-get install -y postgresql, or set LATECOMER_TEST_STORE to a connection string.");

    private static IEnumerable<string> Candidates()
    {
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var ofDebian = Directory.Exists(DebianFolder)
            ? Directory.GetDirectories(DebianFolder).OrderByDescending(f => int.TryParse(Path.GetFileName(f), out var version) ? version : 0).Select(f => Path.Combine(f, "bin"))
            : [];
        return onPath.Concat(ofDebian).Where(folder => Array.TrueForAll(["initdb", "pg_ctl", "postgres"], name => File.Exists(Path.Combine(folder, name))));
    }

    private static bool IsNewEnough(string folder)
    {
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(folder, "postgres"), "--version") { RedirectStandardOutput = true, UseShellExecute = false })!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return Version.Match(said) is { Success: true } match && int.Parse(match.Groups["major"].ValueSpan) >= OldestVersion;
    }
}
