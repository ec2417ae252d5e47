using System.Diagnostics;

namespace Latecomer.Tests.EndToEnd.Harness;

/// <summary>A process of a test: its lines as they come, its end, its death. It ends with the test, and all that it started with it.</summary>
internal sealed class ProgramProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ProgramProcess(Process process)
    {
        _process = process;
        _process.EnableRaisingEvents = true;
        _process.Exited += (_, _) => _ended.TrySetResult();
    }

    /// <summary>What it writes on stdout.</summary>
    public LineLog Output { get; } = new();

    /// <summary>What it writes on stderr.</summary>
    public LineLog Errors { get; } = new();

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _ended.Task.IsCompleted;

    /// <summary>Starts the program with these arguments.</summary>
    public static ProgramProcess Latecomer(IEnumerable<string> arguments, Surroundings? surroundings = null) =>
        Start(BuiltProgram.Dotnet, [BuiltProgram.Assembly, .. arguments], surroundings);

    /// <summary>Starts the program so that <see cref="Interrupt"/> reaches it: a shell has its jobs in the background ignore the signal, and so would all below them.</summary>
    public static ProgramProcess Interruptible(params string[] arguments) =>
        Start("env", ["--default-signal=INT", BuiltProgram.Dotnet, BuiltProgram.Assembly, .. arguments]);

    /// <summary>Starts any program.</summary>
    public static ProgramProcess Start(string program, IEnumerable<string> arguments, Surroundings? surroundings = null)
    {
        surroundings ??= new Surroundings();
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = surroundings.Folder,
        };
        foreach (var (name, value) in surroundings.Environment)
        {
            start.Environment[name] = value;
        }

        var process = new ProgramProcess(new Process { StartInfo = start });
        process._process.OutputDataReceived += (_, line) => process.Output.Add(line.Data);
        process._process.ErrorDataReceived += (_, line) => process.Errors.Add(line.Data);
        process._process.Start();
        process._process.BeginOutputReadLine();
        process._process.BeginErrorReadLine();
        process._process.StandardInput.Write(surroundings.Input);
        process._process.StandardInput.Close();
        return process;
    }

    /// <summary>A line of stdout that is wanted, written already or to come.</summary>
    public Task<string> Line(string what, Func<string, bool> wanted) => Waiting.Within($"a line with {what} from {this}", Output.Line(wanted), Story);

    /// <summary>Its exit code, once it has ended and all its lines are there.</summary>
    public async Task<int> Exit() => await Waiting.Within($"the end of {this}", ExitCode(), Story);

    /// <summary>Kills it, and it alone: nothing in it runs any more, and what it started goes on.</summary>
    public async Task Kill()
    {
        _process.Kill();

        // Not for the end of its lines: what it started may hold the pipes.
        await Waiting.Within($"the death of {this}", _ended.Task, Story);
    }

    /// <summary>Asks it to stop.</summary>
    public Task Terminate() => Signal("-TERM");

    /// <summary>Interrupts it, as Ctrl-C does.</summary>
    public Task Interrupt() => Signal("-INT");

    /// <summary>What it wrote, for people.</summary>
    public string Story() => $"\n--- stdout\n{Output.Text}\n--- stderr\n{Errors.Text}\n---";

    /// <inheritdoc/>
    public override string ToString() => string.Join(' ', _process.StartInfo.ArgumentList.Prepend(_process.StartInfo.FileName).Select(Path.GetFileName));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!HasEnded)
        {
            _process.Kill(entireProcessTree: true);
            await _ended.Task;
        }

        _process.Dispose();
    }

    private async Task Signal(string signal)
    {
        using var kill = Process.Start("kill", [signal, $"{Id}"]);
        await kill.WaitForExitAsync();
    }

    private async Task<int> ExitCode()
    {
        await _ended.Task;
        await Output.Closed;
        await Errors.Closed;
        return _process.ExitCode;
    }
}

/// <summary>Where and how a process is started.</summary>
internal sealed record Surroundings
{
    /// <summary>Its working folder.</summary>
    public string Folder { get; init; } = Path.GetTempPath();

    /// <summary>Environment variables beside those of the tests.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What it reads on stdin.</summary>
    public string Input { get; init; } = "";
}
