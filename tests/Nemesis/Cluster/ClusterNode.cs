using System.Diagnostics;
using System.Net;
using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.Testing;
using Npgsql;

namespace Latecomer.Tests.Nemesis;

/// <summary>A node of the cluster: its process, when it has one, and what stands between it and the others.</summary>
internal sealed class ClusterNode : IAsyncDisposable
{
    private const string Listening = "listening on ";

    private readonly string _data;
    private readonly string _logs;
    private readonly NpgsqlConnectionStringBuilder _store;
    private ProgramProcess? _process;
    private int _lives;

    /// <param name="name">Its name.</param>
    /// <param name="data">The data folder.</param>
    /// <param name="logs">Where what it says is kept.</param>
    /// <param name="store">The database, straight.</param>
    /// <param name="clock">Its clock; null: the machine's.</param>
    public ClusterNode(string name, string data, string logs, string store, SkewedClock? clock)
    {
        Clock = clock;
        (Name, _data, _logs) = (name, data, logs);
        _store = new NpgsqlConnectionStringBuilder(store) { SslMode = SslMode.Disable, GssEncryptionMode = GssEncryptionMode.Disable };
        Database.Target = new IPEndPoint(IPAddress.Parse(_store.Host!), _store.Port);
        _store.Host = "127.0.0.1";
        _store.Port = Database.Port;
    }

    public string Name { get; }

    /// <summary>Between the node and PostgreSQL.</summary>
    public TcpProxy Database { get; } = new();

    /// <summary>Between the other nodes and this one.</summary>
    public TcpProxy Others { get; } = new();

    /// <summary>The time of day as the process has it; null: as the machine has it.</summary>
    public SkewedClock? Clock { get; }

    /// <summary>Where clients reach it; null while it does not run.</summary>
    public Uri? Address { get; private set; }

    public bool Runs => _process is { HasEnded: false };

    public bool IsPaused { get; private set; }

    /// <summary>Starts it, and returns when it listens.</summary>
    public async Task Start(int pool = 8)
    {
        var store = new NpgsqlConnectionStringBuilder(_store.ConnectionString) { MaxPoolSize = pool }.ConnectionString;
        var process = ProgramProcess.Latecomer(
            ["node", "--data", _data, "--listen", "http://127.0.0.1:0", "--advertise", $"http://127.0.0.1:{Others.Port}"],
            new Surroundings
            {
                Environment = new Dictionary<string, string>(Clock?.Environment ?? [], StringComparer.Ordinal) { ["LATECOMER_STORE"] = store, ["LATECOMER_NAME"] = Name },
            });
        _process = process;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => KillAtLast(process);
        var line = await process.Line("its address", l => l.StartsWith(Listening, StringComparison.Ordinal));
        Address = new Uri(line[Listening.Length..].Trim());
        Others.Target = new IPEndPoint(IPAddress.Loopback, Address.Port);
    }

    public async Task Kill()
    {
        (Address, IsPaused) = (null, false);
        await _process!.Kill();
        await KeepLog();
    }

    /// <summary>Tells it to stop, and waits until it has.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> Stop()
    {
        Address = null;
        await _process!.Terminate();
        var code = await _process.Exit();
        await KeepLog();
        return code;
    }

    public Task Pause()
    {
        IsPaused = true;
        return Signal("-STOP");
    }

    public Task Resume()
    {
        IsPaused = false;
        return Signal("-CONT");
    }

    /// <summary>The time of day that it says; null if it says nothing just now.</summary>
    public async Task<DateTimeOffset?> ReadsClock()
    {
        try
        {
            using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(1) };
            using var answer = await http.GetAsync(new Uri(Address ?? throw new HttpRequestException("It does not run."), "/healthz"));
            return answer.Headers.Date;
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>A line of its log that is wanted, written already or to come.</summary>
    public Task<string> Says(Func<string, bool> wanted) => _process!.Errors.Line(wanted).WaitAsync(Liveness.Bound);

    /// <summary>What it said, and how it ended, if it ended by itself.</summary>
    public string? EndedByItself() => _process is { HasEnded: true } && Address is not null ? _process.Story() : null;

    public async ValueTask DisposeAsync()
    {
        if (IsPaused)
        {
            await Resume();
        }

        if (Runs)
        {
            await Kill();
        }

        await (_process?.DisposeAsync() ?? ValueTask.CompletedTask);
        Clock?.Dispose();
        await Database.DisposeAsync();
        await Others.DisposeAsync();
    }

    /// <summary>No node stays behind when the tests are ended from outside.</summary>
    private static void KillAtLast(ProgramProcess process)
    {
        if (!process.HasEnded)
        {
            using var kill = Process.Start("kill", ["-KILL", $"{process.Id}"]);
            kill.WaitForExit();
        }
    }

    private async Task KeepLog()
    {
        await File.WriteAllLinesAsync(Path.Combine(_logs, $"{Name}-{++_lives}.log"), _process!.Errors.Lines);
    }

    private async Task Signal(string signal)
    {
        using var kill = Process.Start("kill", [signal, $"{_process!.Id}"]);
        await kill.WaitForExitAsync();
    }
}
