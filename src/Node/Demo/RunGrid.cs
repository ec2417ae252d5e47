using Latecomer.Node.Cli;
using Latecomer.Node.Protocol;
using Spectre.Console;
using Table = Spectre.Console.Table;

namespace Latecomer.Node.Demo;

/// <summary>Runs as people know them from Airflow: a column for each run, a row for each task, a square in the colour of its state. Where
/// there is no terminal, a line for each change.</summary>
internal sealed class RunGrid(IAnsiConsole console)
{
    private static readonly TaskState[] Shown = [TaskState.Queued, TaskState.Running, TaskState.UpForReschedule, TaskState.Success, TaskState.Skipped, TaskState.UpForRetry, TaskState.Failed];

    private readonly Dictionary<(string Run, string Task), (TaskState State, int Try)> _told = [];

    /// <summary>Shows how the runs come along until <paramref name="isOver"/>.</summary>
    /// <param name="read">Reads all runs of the pipeline.</param>
    /// <param name="isOver">Whether this is the end.</param>
    /// <param name="pause">Awaits the time for the next look.</param>
    /// <returns>The runs as they were then.</returns>
    public async Task<IReadOnlyList<Run>> Follow(Func<Task<IReadOnlyList<Run>>> read, Func<IReadOnlyList<Run>, bool> isOver, Func<Task> pause)
    {
        if (console.Profile.Out.IsTerminal)
        {
            IReadOnlyList<Run> runs = [];
            await console.Live(Text.Empty).StartAsync(async live => runs = await Follow(read, isOver, pause, now => live.UpdateTarget(Draw(now))));
            return runs;
        }

        return await Follow(read, isOver, pause, Tell);
    }

    private static async Task<IReadOnlyList<Run>> Follow(
        Func<Task<IReadOnlyList<Run>>> read, Func<IReadOnlyList<Run>, bool> isOver, Func<Task> pause, Action<IReadOnlyList<Run>> show)
    {
        while (true)
        {
            IReadOnlyList<Run> runs = [.. (await read()).OrderBy(r => r.LogicalDate, StringComparer.Ordinal).ThenBy(r => r.CreateTime.ToDateTime())];
            show(runs);
            if (isOver(runs))
            {
                return runs;
            }

            await pause();
        }
    }

    private static Rows Draw(IReadOnlyList<Run> runs)
    {
        var table = new Table().NoBorder();
        table.AddColumn("");
        foreach (var run in runs)
        {
            var day = DateText.Short(run.LogicalDate)["2024-".Length..];
            table.AddColumn(new TableColumn(run.Kind == RunKind.Backfill ? $"[blue]{day} again[/]" : day).Centered());
        }

        var tasks = runs.FirstOrDefault(r => r.Tasks.Count > 0)?.Tasks.Select(t => t.TaskId).ToList() ?? [];
        for (var task = 0; task < tasks.Count; task++)
        {
            table.AddRow([Markup.Escape(tasks[task]), .. runs.Select(run => task < run.Tasks.Count ? $"[{StateColours.Colour(run.Tasks[task].State)}]■[/]" : "")]);
        }

        table.AddRow([.. Enumerable.Repeat("", runs.Count + 1)]);
        var legend = string.Join("  ", Shown.Select(s => $"[{StateColours.Colour(s)}]■[/] {StateColours.Name(s)}"));
        var trouble = runs.SelectMany(r => r.Tasks).FirstOrDefault(IsTrouble);
        return new Rows(table, new Markup(trouble is null ? legend : $"[red]{Markup.Escape(trouble.TaskId)}: {Markup.Escape(trouble.Message)}[/]"));
    }

    private static bool IsTrouble(TaskInstance task) => task.State is TaskState.Failed or TaskState.UpForRetry;

    private void Tell(IReadOnlyList<Run> runs)
    {
        foreach (var run in runs)
        {
            foreach (var task in run.Tasks)
            {
                var now = (task.State, task.TryNumber);
                if (_told.TryGetValue((run.RunId, task.TaskId), out var before) ? before == now : task.State == TaskState.Unspecified)
                {
                    continue;
                }

                _told[(run.RunId, task.TaskId)] = now;
                console.WriteLine($"  {run.RunId} {task.TaskId} {StateColours.Name(task.State)}{(IsTrouble(task) ? $": {task.Message}" : "")}");
            }
        }
    }
}
