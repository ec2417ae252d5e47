using System.Security.Cryptography;
using Latecomer.Node.Cli;

namespace Latecomer.Node.LocalCluster;

/// <summary>Makes the database of a cluster, in a folder of its own that was noted before it is there.</summary>
internal sealed class PostgresMaking(ClusterFile file)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>As PostgreSQL's user, with the password on stdin.</summary>
    private const string Script = """
        umask 077
        cat > "$1/password" || exit 1
        "$2/initdb" -D "$1/data" -U "$3" -A scram-sha-256 --pwfile="$1/password" -E UTF8 --locale=C --no-sync > "$1/log" 2>&1 </dev/null &&
        echo "CREATE DATABASE $4" | "$2/postgres" --single -D "$1/data" postgres >> "$1/log" 2>&1
        code=$?
        rm -f "$1/password"
        [ "$code" -eq 0 ] || tail -n 3 "$1/log" | tr '\n' ' '
        exit "$code"
        """;

    /// <summary>Makes it; what was begun before is begun again.</summary>
    /// <exception cref="Refusal">It cannot be made here.</exception>
    public async Task Make(CancellationToken cancellation)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new Refusal(ExitCode.Failed, "A cluster of processes on one machine needs Linux; elsewhere start PostgreSQL and the nodes by yourself: latecomer node --store ...");
        }

        var programs = await PostgresPrograms.Find(cancellation);
        var asItsUser = PostgresPrograms.AsItsUser();
        var folder = file.Record?.Postgres?.Folder ?? NewFolder();
        await Ending.End(file.Record?.Postgres?.Process);
        await Remove(folder);
        file.Change(r => r with { Postgres = new PostgresRecord(folder, programs) });
        Directory.CreateDirectory(folder, OwnerOnly);
        if (asItsUser.Count > 0 && (await Launch.Run(["chown", $"{PostgresPrograms.User}:", folder], "", cancellation)).ExitCode != 0)
        {
            throw new Refusal(ExitCode.Failed, $"{folder} could not be given to the user '{PostgresPrograms.User}', who is to run PostgreSQL.");
        }

        var password = PostgresPassword.Make(file.State);
        var (code, said) = await Launch.Run(
            [.. asItsUser, "sh", "-c", Script, "latecomer", folder, programs, PostgresPassword.User, PostgresPassword.Database],
            $"{password}\n",
            cancellation,
            process => file.Change(r => r with { Postgres = r.Postgres! with { Process = process } }));
        if (code != 0)
        {
            throw new Refusal(ExitCode.Failed, $"PostgreSQL's database could not be made in {folder}: {said.Trim()}");
        }

        file.Change(r => r with { Postgres = r.Postgres! with { IsMade = true, Process = null } });
    }

    /// <summary>Removes a folder in which a program that was just ended may still have others that write.</summary>
    public static async Task Remove(string folder)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (Directory.Exists(folder))
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException) when (TimeProvider.System.GetElapsedTime(since) < Patience)
            {
                await Task.Delay(Pause, TimeProvider.System);
            }
        }
    }

    /// <summary>Root's own temporary folder may be closed to PostgreSQL's user.</summary>
    private static string NewFolder() => Path.Combine(
        Environment.IsPrivilegedProcess ? "/tmp" : Path.GetFullPath(Path.GetTempPath()), $"latecomer-postgres-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}");
}
