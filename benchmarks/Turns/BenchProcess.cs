using System.Diagnostics;

namespace Latecomer.Benchmarks.Turns;

/// <summary>A part of this program that runs as a process of its own for as long as it is wanted.</summary>
internal sealed class BenchProcess : IAsyncDisposable
{
    private readonly Process _process;

    private BenchProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public static BenchProcess Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["work", .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        return new BenchProcess(Process.Start(start)!);
    }

    /// <summary>The next line that it prints.</summary>
    public async Task<string> Line() =>
        await _process.StandardOutput.ReadLineAsync() ?? throw new BenchException($"a process of the benchmark ended early, with exit code {await ExitCode()}");

    /// <summary>Sends it a signal.</summary>
    public async Task Signal(string signal)
    {
        using var kill = Process.Start("/bin/kill", [$"-{signal}", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Ends it, and waits for its end.</summary>
    public async Task End()
    {
        _process.StandardInput.Close();
        await _process.StandardOutput.ReadToEndAsync();
        await ExitCode();
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

    private async Task<int> ExitCode()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }
}
