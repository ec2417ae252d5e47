using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Latecomer.Tests.Integration.DeltaLog;

/// <summary>A process of <c>tests/TableWriter</c>: what it said is in the log, and its death.</summary>
internal sealed class AppendingProcess : IAsyncDisposable
{
    private static readonly string Dotnet = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
        ? Environment.ProcessPath!
        : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    private readonly Process _process;
    private readonly ConcurrentQueue<(long Number, long? Version)> _acknowledged = new();
    private readonly Task _output;
    private readonly Task<string> _errors;

    private AppendingProcess(Process process)
    {
        _process = process;
        _output = ReadOutput();
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>The numbers that it acknowledged, with the version that holds each where it put it there itself.</summary>
    internal IReadOnlyCollection<(long Number, long? Version)> Acknowledged => _acknowledged;

    /// <summary>Starts it on the commits [<paramref name="from"/>, <paramref name="upTo"/>) of a writer.</summary>
    internal static AppendingProcess Start(string table, string name, long from, long upTo)
    {
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, "Latecomer.Tests.TableWriter.dll"), table, name, $"{from}", $"{upTo}"];
        var start = new ProcessStartInfo(Dotnet, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        return new AppendingProcess(Process.Start(start).ShouldNotBeNull());
    }

    /// <summary>Whether it has ended.</summary>
    internal bool HasEnded => _process.HasExited;

    /// <summary>Kills it, wherever it is.</summary>
    internal void Kill() => _process.Kill();

    /// <summary>Waits for its end, whatever ended it, and for its last words.</summary>
    internal async Task<int> End(CancellationToken cancellation)
    {
        await _process.WaitForExitAsync(cancellation);
        await _output.WaitAsync(cancellation);
        return _process.ExitCode;
    }

    /// <summary>What it complained of.</summary>
    internal Task<string> Errors() => _errors;

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private async Task ReadOutput()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            // The last line of one that was killed may be cut off; then it was never heard.
            if (line.Split(' ') is [var number, var told] && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var acknowledged))
            {
                _acknowledged.Enqueue((acknowledged, long.TryParse(told, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null));
            }
        }
    }
}
