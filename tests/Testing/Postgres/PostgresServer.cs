using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;

namespace Latecomer.Tests.Testing.Postgres;

/// <summary>A PostgreSQL of this test run's own, in a temporary folder, on a free port of 127.0.0.1: started when the first test asks for it. A shell
/// watches over it that ends it, and removes the folder, as soon as this process has ended, however it ended.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string User = "latecomer";

    /// <summary>Reads the password, makes and starts the server, says "ready PORT", restarts it for each further line in the way that it says
    /// (<c>fast</c>, or <c>immediate</c>: as after a crash), and ends it when the pipe closes. PostgreSQL refuses to run as root, so all of this runs as its own user then, who owns the folder too.</summary>
    private const string Watch = """
        trap '' INT HUP TERM
        cd /
        read -r password
        folder=$(mktemp -d "${TMPDIR:-/tmp}/latecomer-postgres.XXXXXX") || exit 1
        printf '%s\n' "$password" > "$folder/password"
        "$bin/initdb" -D "$folder/data" -U latecomer -A scram-sha-256 --pwfile="$folder/password" -E UTF8 --locale=C --no-sync > "$folder/log" 2>&1 </dev/null
        for port in $ports; do
          if "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w -t 60 -s -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$folder \
            -c max_connections=200 $settings -c autovacuum_naptime=10s" start >> "$folder/log" 2>&1 </dev/null
          then printf 'ready %s\n' "$port"; started=1; break; fi
        done
        [ -n "${started:-}" ] || { tail -n 20 "$folder/log"; rm -rf "$folder"; exit 1; }
        exec 2>/dev/null
        while read -r mode; do
          "$bin/pg_ctl" -D "$folder/data" -m "$mode" -l "$folder/log" -w -t 60 -s restart >> "$folder/log" </dev/null && printf 'ready %s\n' "$port"
        done
        "$bin/pg_ctl" -D "$folder/data" -m immediate -w -s stop >/dev/null
        rm -rf "$folder"
        """;

    /// <summary>Where logic is tested: the disk is not flushed.</summary>
    private const string Fleeting = "-c shared_buffers=64MB -c fsync=off -c full_page_writes=off";

    /// <summary>Where time is measured: what is committed is on the disk.</summary>
    private const string Durable = "-c shared_buffers=512MB -c fsync=on -c synchronous_commit=on -c max_wal_size=4GB";

    private static readonly Lock Once = new();
    private static Task<PostgresServer>? _ofThisRun;

    private readonly Process? _watcher;

    private PostgresServer(string connectionString, Process? watcher)
    {
        ConnectionString = connectionString;
        _watcher = watcher;
    }

    /// <summary>To its database <c>postgres</c>, as one who may do everything.</summary>
    public string ConnectionString { get; }

    /// <summary>The one that tests share: the one that LATECOMER_TEST_STORE names, if it does.</summary>
    public static Task<PostgresServer> Get()
    {
        lock (Once)
        {
            return _ofThisRun ??= Environment.GetEnvironmentVariable("LATECOMER_TEST_STORE") is { Length: > 0 } given
                ? Task.FromResult(new PostgresServer(given, watcher: null))
                : Start();
        }
    }

    /// <summary>Another one, for a test that restarts it.</summary>
    public static Task<PostgresServer> Start() => Start(durable: false);

    /// <summary>Another one.</summary>
    /// <param name="durable">Whether it flushes the disk as in production.</param>
    /// <param name="settings">More settings, as <c>name=value</c>.</param>
    public static async Task<PostgresServer> Start(bool durable, params IEnumerable<string> settings)
    {
        var password = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        var watcher = Process.Start(Shell(string.Join(' ', settings.Select(s => $"-c {s}").Prepend(durable ? Durable : Fleeting))))!;
        await watcher.StandardInput.WriteLineAsync(password);
        await watcher.StandardInput.FlushAsync();
        var said = await watcher.StandardOutput.ReadLineAsync();
        if (said?.Split(' ') is not ["ready", var port])
        {
            throw new InvalidOperationException($"PostgreSQL did not start: {said} {await watcher.StandardOutput.ReadToEndAsync()}");
        }

        var own = new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = int.Parse(port), Username = User, Password = password, Database = "postgres" };
        var server = new PostgresServer(own.ConnectionString, watcher);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.End();
        return server;
    }

    /// <summary>Lets it crash, or stop in order, and start again on the same port.</summary>
    public async Task Restart(bool crash = true)
    {
        await _watcher!.StandardInput.WriteLineAsync(crash ? "immediate" : "fast");
        await _watcher.StandardInput.FlushAsync();
        if (await _watcher.StandardOutput.ReadLineAsync() is null)
        {
            throw new InvalidOperationException("PostgreSQL did not start again.");
        }
    }

    /// <summary>Ends it, and removes its folder.</summary>
    public ValueTask DisposeAsync()
    {
        End();
        return ValueTask.CompletedTask;
    }

    private void End()
    {
        _watcher?.StandardInput.Close();
        _watcher?.WaitForExit(TimeSpan.FromSeconds(10));
    }

    private static ProcessStartInfo Shell(string settings)
    {
        string[] asWhom = !Environment.IsPrivilegedProcess ? []
            : File.Exists("/usr/bin/setpriv") ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
            : ["runuser", "-u", "postgres", "--"];
        string[] command = [.. asWhom, "sh", "-c", Watch];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["bin"] = PostgresInstallation.Find();
        start.Environment["settings"] = settings;
        start.Environment["ports"] = string.Join(' ', FreePorts());
        if (asWhom.Length > 0)
        {
            // Root's own temporary folder may be closed to others.
            start.Environment["TMPDIR"] = "/tmp";
        }

        return start;
    }

    /// <summary>Several, because somebody else may take one before the server does.</summary>
    internal static int[] FreePorts()
    {
        var listeners = Enumerable.Range(0, 3).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(l => l.Start());
        int[] ports = [.. listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        listeners.ForEach(l => l.Stop());
        return ports;
    }
}
