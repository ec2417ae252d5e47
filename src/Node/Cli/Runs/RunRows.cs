using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Latecomer.Node.Protocol;
using Spectre.Console;

namespace Latecomer.Node.Cli;

/// <summary>Runs and their tasks as rows for people, in Spectre's markup.</summary>
internal static class RunRows
{
    /// <summary>The columns of <see cref="Run"/>.</summary>
    public static readonly IReadOnlyList<string> Columns = ["execution date", "run id", "state", "tasks", "pin", "now"];

    /// <summary>The columns of <see cref="Task"/>.</summary>
    public static readonly IReadOnlyList<string> TaskColumns = ["task", "try", "state", "started", "took", "message"];

    /// <summary>A run.</summary>
    public static IReadOnlyList<string> Run(Run run)
    {
        var current = run.State is RunState.Success or RunState.Queued ? null : run.Tasks.FirstOrDefault(t => !IsDone(t));
        var now = current is null ? "" : $"{current.TaskId} {StateColours.Name(current.State)}{(current.Message.Length > 0 ? $": {current.Message}" : "")}";
        return
        [
            DateText.Short(run.LogicalDate), Markup.Escape(run.RunId), StateColours.Markup(run.State), $"{run.Tasks.Count(IsDone)}/{run.Tasks.Count}", Markup.Escape(Pin(run.Pin)), Markup.Escape(now),
        ];
    }

    /// <summary>A task.</summary>
    public static IReadOnlyList<string> Task(TaskInstance task) =>
    [
        Markup.Escape(task.TaskId),
        task.TryNumber == 0 ? "" : $"{task.TryNumber}",
        $"[{StateColours.Colour(task.State)}]{StateColours.Name(task.State)}[/]",
        Time(task.StartTime),
        task is { StartTime: not null, EndTime: not null } ? Length(task.EndTime.ToDateTime() - task.StartTime.ToDateTime()) : "",
        Markup.Escape(task.Message),
    ];

    /// <summary>Whether a task needs no more.</summary>
    public static bool IsDone(TaskInstance task) => task.State is TaskState.Success or TaskState.Skipped;

    /// <summary>Whether a run has ended.</summary>
    public static bool HasEnded(Run run) => run.State is RunState.Success or RunState.Failed or RunState.Cancelled;

    /// <summary>Versions of tables.</summary>
    public static string Pin(IEnumerable<TablePin> pin) => string.Join(",", pin.Select(p => $"{p.Table}@{p.Version}"));

    /// <summary>A time; empty where there is none.</summary>
    public static string Time(Timestamp? time) => time is null ? "" : time.ToDateTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Length(TimeSpan time) => time switch
    {
        { TotalHours: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}h{time.Minutes:00}m"),
        { TotalMinutes: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}m{time.Seconds:00}s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.00}s"),
    };
}
