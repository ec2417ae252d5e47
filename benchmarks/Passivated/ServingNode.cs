using System.Diagnostics;
using System.Globalization;

namespace Latecomer.Benchmarks.Passivated;

/// <summary>A <c>latecomer node</c> on a store, by default settings, started as people start it.</summary>
internal sealed class ServingNode : IAsyncDisposable
{
    private const string Listening = "listening on ";
    private const string ListeningForGrpc = "listening for gRPC on ";

    private readonly Process _process;
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly Task<string> _errors;

    private ServingNode(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Seconds since it was started.</summary>
    public double Seconds => Stopwatch.GetElapsedTime(_began).TotalSeconds;

    /// <summary>Where it is called by gRPC, once it serves.</summary>
    public Uri GrpcAddress { get; private set; } = null!;

    /// <summary>Seconds that processors have worked for it.</summary>
    public double ProcessorSeconds
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime.TotalSeconds;
        }
    }

    /// <summary>The most memory that it ever held, in megabytes.</summary>
    public double PeakMegabytes
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64 / 1e6;
        }
    }

    public static ServingNode Start(string store, string data)
    {
        var program = Path.Combine(Environment.GetEnvironmentVariable("LATECOMER_ROOT") ?? ".", "latecomer");
        var start = new ProcessStartInfo(program, ["node", "--name", "bench", "--listen", "http://127.0.0.1:0", "--data", data])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["LATECOMER_STORE"] = store;
        return new ServingNode(Process.Start(start)!);
    }

    /// <summary>Waits until it serves.</summary>
    public async Task Serves()
    {
        string? line;
        do
        {
            line = await _process.StandardOutput.ReadLineAsync();
            if (line is not null && line.StartsWith(ListeningForGrpc, StringComparison.Ordinal))
            {
                GrpcAddress = new Uri(line[ListeningForGrpc.Length..]);
            }
        }
        while (line is not null && !line.StartsWith(Listening, StringComparison.Ordinal));
        if (line is null)
        {
            throw new BenchException($"the node did not start: {await _errors}");
        }
    }

    /// <summary>Tells it to go, and waits until it has.</summary>
    public async Task Stop()
    {
        using var kill = Process.Start("/bin/kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
        if (_process.ExitCode != 0)
        {
            throw new BenchException($"the node ended with exit code {_process.ExitCode}: {await _errors}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
