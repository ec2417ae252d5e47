using System.CommandLine;
using Latecomer.Node.Protocol;
using Spectre.Console;
using Table = Spectre.Console.Table;

namespace Latecomer.Node.Cli;

/// <summary>Shows runs on stderr until they have ended: a table that changes on a terminal, a line for each change elsewhere.</summary>
internal sealed class RunProgress(Asked asked)
{
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<(string Run, string Task), string> _told = [];
    private readonly IAnsiConsole _console = Terminals.Of(Console.Error, Terminals.HasColours(asked.Parsed));

    /// <summary>The option that has a command wait.</summary>
    public static Option<bool> WaitOption() => new("--wait") { Description = "Shows the runs until they have ended; the exit code is 0 if all succeeded, else 1." };

    /// <summary>The runs that a request asks for.</summary>
    public static async Task<IReadOnlyList<Run>> Read(Asked asked, ListRunsRequest wanted)
    {
        var listing = ListRunsCommand.Of(wanted);
        var all = await asked.All(listing.Method, listing.Ask, listing.NextOf);
        return [.. all.Runs.Where(run => (wanted.FromDate.Length == 0 || string.CompareOrdinal(run.LogicalDate, wanted.FromDate) >= 0)
            && (wanted.ToDate.Length == 0 || string.CompareOrdinal(run.LogicalDate, wanted.ToDate) <= 0))];
    }

    /// <summary>Follows runs to their end.</summary>
    /// <param name="wanted">The runs to look at.</param>
    /// <param name="select">Which of them are followed.</param>
    /// <param name="isOver">Whether those have ended.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> Follow(ListRunsRequest wanted, Func<IReadOnlyList<Run>, IReadOnlyList<Run>> select, Func<IReadOnlyList<Run>, Task<bool>> isOver)
    {
        IReadOnlyList<Run> runs = [];
        if (_console.Profile.Out.IsTerminal)
        {
            await _console.Live(Picture(runs)).AutoClear(enabled: false).StartAsync(async live => runs = await Until(wanted, select, isOver, now => live.UpdateTarget(Picture(now))));
        }
        else
        {
            runs = await Until(wanted, select, isOver, Tell);
        }

        var failed = runs.Count(run => run.State is not RunState.Success);
        await Console.Error.WriteLineAsync(failed == 0 ? $"{runs.Count} {(runs.Count == 1 ? "run" : "runs")} ended, all succeeded." : $"{runs.Count} {(runs.Count == 1 ? "run" : "runs")} ended, {failed} did not succeed.");
        return failed == 0 ? ExitCode.Ok : ExitCode.Failed;
    }

    /// <summary>Follows runs to their end.</summary>
    public Task<int> Follow(ListRunsRequest wanted, Func<IReadOnlyList<Run>, IReadOnlyList<Run>> select, Func<IReadOnlyList<Run>, bool> isOver) =>
        Follow(wanted, select, runs => Task.FromResult(isOver(runs)));

    private async Task<IReadOnlyList<Run>> Until(
        ListRunsRequest wanted, Func<IReadOnlyList<Run>, IReadOnlyList<Run>> select, Func<IReadOnlyList<Run>, Task<bool>> isOver, Action<IReadOnlyList<Run>> show)
    {
        // What is wrong at first is said. After that the node may be on its way back, or another in its place, and there is no reason to end.
        var (runs, over) = await Look();
        while (!over)
        {
            await Task.Delay(Often, asked.Cancellation);
            (runs, over) = await asked.Patiently(Look, missed => _console.WriteLine($"{missed} Waiting until a node answers."));
        }

        return runs;

        async Task<(IReadOnlyList<Run> Runs, bool IsOver)> Look()
        {
            var now = select(await Read(asked, wanted));
            show(now);
            return (now, await isOver(now));
        }
    }

    private static Table Picture(IReadOnlyList<Run> runs) => Printer.Table(RunRows.Columns, runs.Select(RunRows.Run));

    private void Tell(IReadOnlyList<Run> runs)
    {
        foreach (var run in runs)
        {
            foreach (var task in run.Tasks.Where(task => task.State is not TaskState.Unspecified))
            {
                Tell((run.RunId, task.TaskId), $"{run.RunId} {task.TaskId} {StateColours.Name(task.State)}{(task.Message.Length > 0 ? $": {task.Message}" : "")}");
            }

            if (RunRows.HasEnded(run))
            {
                Tell((run.RunId, ""), $"{run.RunId} {Markup.Remove(StateColours.Markup(run.State))}");
            }
        }
    }

    private void Tell((string Run, string Task) what, string line)
    {
        if (_told.GetValueOrDefault(what) != line)
        {
            _told[what] = line;
            _console.WriteLine(line);
        }
    }
}
