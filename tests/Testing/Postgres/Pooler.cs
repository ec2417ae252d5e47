using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Latecomer.Tests.Testing.Postgres;

/// <summary>A PgBouncer of this test run's own in front of the server that tests share, in its strictest mode: each transaction may get another of a few sessions. A
/// shell watches over it that ends it, and removes its folder, as soon as this process has ended.</summary>
public sealed class Pooler
{
    /// <summary>Fewer than callers, so that they do get each other's.</summary>
    private const int Sessions = 3;

    private const string Debian = "/usr/sbin/pgbouncer";

    /// <summary>Reads the lines of the two files, starts it, says "ready", and ends it when the pipe closes. PgBouncer refuses to run as root.</summary>
    private const string Watch = """
        trap '' INT HUP TERM
        folder=$(mktemp -d /tmp/latecomer-pooler.XXXXXX) || exit 1
        read -r users
        printf '%s\n' "$users" > "$folder/users"
        printf '%s\n' "$settings" "auth_file = $folder/users" "pidfile = $folder/pid" > "$folder/settings"
        if [ -n "$user" ]; then chown -R "$user" "$folder"; fi
        "$program" ${user:+-u "$user"} "$folder/settings" > "$folder/log" 2>&1 </dev/null &
        pid=$!
        printf 'ready\n'
        read -r _
        kill -9 $pid
        wait $pid 2>/dev/null
        rm -rf "$folder"
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
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
        var port = FreePort();
        var watcher = Process.Start(Shell(to, port))!;
        await watcher.StandardInput.WriteLineAsync($"\"{to.Username}\" \"{to.Password}\"");
        await watcher.StandardInput.FlushAsync();
        await watcher.StandardOutput.ReadLineAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            watcher.StandardInput.Close();
            watcher.WaitForExit(TimeSpan.FromSeconds(10));
        };
        var pooler = new Pooler(port);
        await pooler.UntilItAnswers(server);
        return pooler;
    }

    private async Task UntilItAnswers(PostgresServer server)
    {
        var since = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(Through(server.ConnectionString) + ";Pooling=false");
                await connection.OpenAsync();
                return;
            }
            catch (NpgsqlException) when (since.Elapsed < Patience)
            {
                // Its port is not open yet, and it has no other way to say when it is.
                await Task.Delay(20);
            }
        }
    }

    private static ProcessStartInfo Shell(NpgsqlConnectionStringBuilder to, int port)
    {
        var start = new ProcessStartInfo("sh", ["-c", Watch]) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["program"] = Find();
        start.Environment["user"] = Environment.IsPrivilegedProcess ? "postgres" : "";
        start.Environment["settings"] = $"""
            [databases]
            * = host={to.Host} port={to.Port}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port}
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

    private static int FreePort()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        return port;
    }
}
