using System.Diagnostics;
using Npgsql;

namespace Latecomer.Tests.Testing.Postgres;

/// <summary>A PgBouncer of this test run's own in front of the server that tests share, in its strictest mode: each transaction may get another of a few sessions. A
/// shell watches over it that ends it, and removes its folder, as soon as this process has ended.</summary>
public sealed class Pooler
{
    /// <summary>Fewer than callers, so that they do get each other's.</summary>
    private const int Sessions = 3;

    private const string Debian = "/usr/sbin/pgbouncer";

    /// <summary>Reads who may connect, starts it on the first port that is free, says "ready PORT" when it says that it is up, and ends it when the pipe closes. PgBouncer
    /// refuses to run as root.</summary>
    private const string Watch = """
        trap '' INT HUP TERM
        folder=$(mktemp -d /tmp/latecomer-pooler.XXXXXX) || exit 1
        read -r users
        printf '%s\n' "$users" > "$folder/users"
        mkfifo "$folder/said"
        for port in $ports; do
          printf '%s\n' "$settings" "listen_port = $port" "auth_file = $folder/users" "pidfile = $folder/pid" > "$folder/settings"
          if [ -n "$user" ]; then chown -R "$user" "$folder"; fi
          "$program" ${user:+-u "$user"} "$folder/settings" > "$folder/said" 2>&1 </dev/null &
          pid=$!
          exec 3< "$folder/said"
          while read -r line <&3; do
            said="$said$line "
            case $line in *'process up'*) started=1; break ;; esac
          done
          [ -z "${started:-}" ] || break
        done
        [ -n "${started:-}" ] || { printf '%s\n' "$said"; rm -rf "$folder"; exit 1; }
        cat <&3 >/dev/null &
        printf 'ready %s\n' "$port"
        read -r _
        kill -9 $pid
        wait 2>/dev/null
        rm -rf "$folder"
        """;

    private static readonly Lock Once = new();
    private static Task<Pooler>? _ofThisRun;

    private readonly int _port;

    private Pooler(int port) => _port = port;

    /// <summary>The one that tests share.</summary>
    public static Task<Pooler> Get()
    {
        lock (Once)
        {
            return _ofThisRun ??= Start();
        }
    }

    /// <summary>The way to a database of the server that leads through the pooler.</summary>
    public string Through(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Host = "127.0.0.1", Port = _port }.ConnectionString;

    private static async Task<Pooler> Start()
    {
        var server = await PostgresServer.Get();
        var to = new NpgsqlConnectionStringBuilder(server.ConnectionString);
        var watcher = Process.Start(Shell(to))!;
        await watcher.StandardInput.WriteLineAsync($"\"{to.Username}\" \"{to.Password}\"");
        await watcher.StandardInput.FlushAsync();
        var said = await watcher.StandardOutput.ReadLineAsync();
        if (said?.Split(' ') is not ["ready", var port])
        {
            throw new InvalidOperationException($"PgBouncer did not start: {said}");
        }

        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            watcher.StandardInput.Close();
            watcher.WaitForExit(TimeSpan.FromSeconds(10));
        };
        return new Pooler(int.Parse(port));
    }

    private static ProcessStartInfo Shell(NpgsqlConnectionStringBuilder to)
    {
        var start = new ProcessStartInfo("sh", ["-c", Watch]) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["program"] = Find();
        start.Environment["user"] = Environment.IsPrivilegedProcess ? "postgres" : "";
        start.Environment["ports"] = string.Join(' ', PostgresServer.FreePorts());
        start.Environment["settings"] = $"""
            [databases]
            * = host={to.Host} port={to.Port}
            [pgbouncer]
            listen_addr = 127.0.0.1
            unix_socket_dir =
            auth_type = scram-sha-256
            pool_mode = transaction
            default_pool_size = {Sessions}
            max_client_conn = 500
            """;
        return start;
    }

    private static string Find() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, "pgbouncer")).Append(Debian).FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("These tests need PgBouncer: type sudo apt-get install -y pgbouncer.");
}
