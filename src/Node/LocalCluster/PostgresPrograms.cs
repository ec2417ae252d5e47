using System.Globalization;
using System.Text.RegularExpressions;
using Latecomer.Node.Cli;

namespace Latecomer.Node.LocalCluster;

/// <summary>Where PostgreSQL's programs are: on <c>PATH</c>, or where Debian puts them.</summary>
internal static class PostgresPrograms
{
    /// <summary>The user that runs it where we are root.</summary>
    public const string User = "postgres";

    private const int OldestVersion = 15;
    private const string DebianFolder = "/usr/lib/postgresql";

    private static readonly Regex Version = new(@"PostgreSQL\) (?<major>[0-9]+)", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10));

    /// <summary>The folder that has <c>initdb</c> and <c>postgres</c>, 15 or newer; the newest of Debian's, if it is not on <c>PATH</c>.</summary>
    /// <exception cref="Refusal">There is none; says what to type.</exception>
    public static async Task<string> Find(CancellationToken cancellation)
    {
        int? older = null;
        foreach (var folder in Candidates())
        {
            var version = await VersionOf(folder, cancellation);
            if (version >= OldestVersion)
            {
                return folder;
            }

            older ??= version;
        }

        var sudo = Environment.IsPrivilegedProcess ? "" : "sudo ";
        throw new Refusal(ExitCode.Failed, older is null
            ? $"A cluster on this machine needs PostgreSQL {OldestVersion} or newer, and there is none: type {sudo}apt-get install -y postgresql"
            : $"A cluster on this machine needs PostgreSQL {OldestVersion} or newer, and here is {older}: put the bin folder of a newer one on PATH.");
    }

    /// <summary>The command before a command that runs as PostgreSQL's own user, for it refuses to run as root; empty where we are not root.</summary>
    /// <exception cref="Refusal">There is no such user, or no way to become it.</exception>
    public static IReadOnlyList<string> AsItsUser()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return [];
        }

        if (!File.ReadLines("/etc/passwd").Any(line => line.StartsWith($"{User}:", StringComparison.Ordinal)))
        {
            throw new Refusal(ExitCode.Failed, $"PostgreSQL refuses to run as root, and there is no user '{User}' here to run it: make one (useradd --system {User}), or type this as somebody else.");
        }

        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Concat(["/usr/bin", "/usr/sbin", "/sbin"]).ToList();
        string[][] ways = [["setpriv", $"--reuid={User}", $"--regid={User}", "--init-groups"], ["runuser", "-u", User, "--"]];
        foreach (var way in ways)
        {
            if (path.Select(folder => Path.Combine(folder, way[0])).FirstOrDefault(File.Exists) is { } program)
            {
                return [program, .. way[1..]];
            }
        }

        throw new Refusal(ExitCode.Failed, "PostgreSQL refuses to run as root, and here is neither setpriv nor runuser: type apt-get install -y util-linux, or type this as somebody else.");
    }

    private static IEnumerable<string> Candidates()
    {
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var ofDebian = Directory.Exists(DebianFolder)
            ? Directory.GetDirectories(DebianFolder)
                .OrderByDescending(f => int.TryParse(Path.GetFileName(f), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0)
                .Select(f => Path.Combine(f, "bin"))
            : [];
        return onPath.Concat(ofDebian).Where(folder => Array.TrueForAll(["initdb", "postgres"], name => File.Exists(Path.Combine(folder, name))));
    }

    private static async Task<int?> VersionOf(string folder, CancellationToken cancellation)
    {
        var (_, said) = await Launch.Run([Path.Combine(folder, "postgres"), "--version"], "", cancellation);
        return Version.Match(said) is { Success: true } match ? int.Parse(match.Groups["major"].ValueSpan, CultureInfo.InvariantCulture) : null;
    }
}
