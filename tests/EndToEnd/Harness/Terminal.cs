using System.Diagnostics;
using System.Text;

namespace Latecomer.Tests.EndToEnd.Harness;

/// <summary>The program at a terminal: what a person types, and what stands on the screen.</summary>
internal sealed class Terminal : IAsyncDisposable
{
    // Wide enough for every table.
    private const int Columns = 200;

    private readonly Process _process;
    private readonly StringBuilder _screen = new();
    private readonly Task _reading;
    private int _seen;

    private Terminal(Process process)
    {
        _process = process;
        _reading = Read();
    }

    /// <summary>All that was written so far, with its control characters.</summary>
    public string Screen
    {
        get
        {
            lock (_screen)
            {
                return _screen.ToString();
            }
        }
    }

    /// <summary>Starts <c>latecomer ARGUMENTS</c> at a terminal.</summary>
    public static Terminal Start(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var command = string.Join(' ', new[] { BuiltProgram.Dotnet, BuiltProgram.Assembly }.Concat(arguments).Select(word => $"'{word}'"));

        // At a terminal Ctrl-C interrupts, also when the tests were started in the background, where shells have it ignored.
        var start = new ProcessStartInfo("script", ["-qefc", $"stty cols {Columns} rows 50; exec env --default-signal=INT,QUIT {command}", "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment["TERM"] = "xterm-256color";
        start.Environment.Remove("NO_COLOR");
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new Terminal(Process.Start(start)!);
    }

    /// <summary>Types keys.</summary>
    public async Task Type(string keys)
    {
        await _process.StandardInput.WriteAsync(keys);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Waits until a text is shown, after what was waited for before.</summary>
    public Task Shows(string text) => Waiting.For($"'{text}' on the terminal", () => Task.FromResult(Find(text)), () => Screen);

    /// <summary>Its exit code, once it has ended.</summary>
    public async Task<int> Exit()
    {
        await Waiting.Within("the end of the program at the terminal", _process.WaitForExitAsync(), () => Screen);
        await _reading;
        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private string? Find(string text)
    {
        lock (_screen)
        {
            var at = _screen.ToString().IndexOf(text, _seen, StringComparison.Ordinal);
            _seen = at < 0 ? _seen : at + text.Length;
            return at < 0 ? null : text;
        }
    }

    private async Task Read()
    {
        var buffer = new char[4096];
        while (await _process.StandardOutput.ReadAsync(buffer) is > 0 and var count)
        {
            lock (_screen)
            {
                _screen.Append(buffer, 0, count);
            }
        }
    }
}
