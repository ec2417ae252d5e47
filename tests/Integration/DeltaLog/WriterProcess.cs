using System.Diagnostics;

namespace Latecomer.Tests.Integration.DeltaLog;

/// <summary>The process of <c>writer.mjs</c>, gone with the test.</summary>
internal sealed class WriterProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    private WriterProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts it, and returns when the table has its first version.</summary>
    internal static async Task<WriterProcess> Start(string table, long commits, CancellationToken cancellation)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "DeltaLog", "writer.mjs");
        var start = new ProcessStartInfo("node", [script, table, commits.ToString()])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var writer = new WriterProcess(Process.Start(start)!);
        if (await writer._process.StandardOutput.ReadLineAsync(cancellation) != "started")
        {
            await writer.DisposeAsync();
            throw new InvalidOperationException($"the writer did not start: {await writer._errors}");
        }

        return writer;
    }

    /// <summary>Tells it that everything below a version was read.</summary>
    internal async Task Tell(long version, CancellationToken cancellation)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(version.ToString().AsMemory(), cancellation);
            await _process.StandardInput.FlushAsync(cancellation);
        }
        catch (IOException)
        {
            // It is done and hears no more; its exit code tells whether it ended well.
        }
    }

    /// <summary>Waits for its end; returns what it complained of.</summary>
    internal async Task<(int ExitCode, string Errors)> End(CancellationToken cancellation)
    {
        await _process.WaitForExitAsync(cancellation);
        return (_process.ExitCode, await _errors);
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
