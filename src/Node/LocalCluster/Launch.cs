using System.Diagnostics;
using System.Globalization;
using Latecomer.Activities;
using Latecomer.Node.Cli;

namespace Latecomer.Node.LocalCluster;

/// <summary>Starts processes that outlive this one, in two steps, so that none can run that was not noted: first there is a process that has done nothing and
/// goes away with this one; once it is noted, it is told to become the program. It leads a session of its own, so that Ctrl-C on a terminal does not reach it.</summary>
internal static class Launch
{
    private const string Script = """
        log=$1; shift
        echo "$$"
        read -r go || exit 70
        exec "$@" </dev/null >>"$log" 2>&1
        """;

    /// <summary>Starts a program.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="environment">Variables beside those of this process.</param>
    /// <param name="log">The file that what it prints is added to.</param>
    /// <param name="note">Notes the process; the program starts when this returns.</param>
    /// <exception cref="Refusal">It cannot be started here.</exception>
    public static async Task<ProcessRecord> Start(
        IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment, string log, Action<ProcessRecord> note)
    {
        var start = new ProcessStartInfo("setsid", ["sh", "-c", Script, "latecomer", log, .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
            WorkingDirectory = "/",
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadLineAsync();
        if (!int.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out var id) || ProcessTable.Find(id) is not { } record)
        {
            throw new Refusal(ExitCode.Failed, $"A process for {command[0]} could not be started.");
        }

        note(record);
        await process.StandardInput.WriteLineAsync("go");
        process.StandardInput.Close();

        // The shell holds it until it has become the program.
        await process.StandardOutput.ReadToEndAsync();
        return record;
    }

    /// <summary>Runs a program to its end.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="input">What it reads on stdin.</param>
    /// <param name="cancellation">Kills it.</param>
    /// <param name="note">Notes the process before it can read anything.</param>
    /// <returns>Its exit code, and what it printed on stdout.</returns>
    public static async Task<(int ExitCode, string Output)> Run(
        IReadOnlyList<string> command, string input, CancellationToken cancellation, Action<ProcessRecord>? note = null)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
            WorkingDirectory = "/",
        };
        using var process = Process.Start(start)!;
        if (note is not null && ProcessTable.Find(process.Id) is { } record)
        {
            note(record);
        }

        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellation);
            process.StandardInput.Close();
            var output = await process.StandardOutput.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return (process.ExitCode, output);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
