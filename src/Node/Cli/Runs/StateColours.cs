using Latecomer.Node.Protocol;

namespace Latecomer.Node.Cli;

/// <summary>The names and colours of states, those of Airflow. A node of a later build may have states that this one does not know: they are shown by their numbers.</summary>
internal static class StateColours
{
    /// <summary>A run's state, in markup.</summary>
    public static string Markup(RunState state) => state switch
    {
        RunState.Queued => "[grey]queued[/]",
        RunState.Running => "[lime]running[/]",
        RunState.Success => "[green]success[/]",
        RunState.Failed => "[red]failed[/]",
        RunState.Cancelled => "[yellow]cancelled[/]",
        RunState.Unspecified => "",
        _ => $"state {(int)state}",
    };

    /// <summary>A task's state by name.</summary>
    public static string Name(TaskState state) => state switch
    {
        TaskState.Unspecified => "no_status",
        TaskState.Queued => "queued",
        TaskState.Running => "running",
        TaskState.Success => "success",
        TaskState.Failed => "failed",
        TaskState.UpForRetry => "up_for_retry",
        TaskState.UpForReschedule => "up_for_reschedule",
        TaskState.UpstreamFailed => "upstream_failed",
        TaskState.Skipped => "skipped",
        TaskState.Cancelled => "cancelled",
        _ => $"state {(int)state}",
    };

    /// <summary>A task's colour, as Spectre names it.</summary>
    public static string Colour(TaskState state) => state switch
    {
        TaskState.Unspecified => "grey35",
        TaskState.Queued => "grey",
        TaskState.Running => "lime",
        TaskState.Success => "green",
        TaskState.Failed => "red",
        TaskState.UpForRetry => "gold1",
        TaskState.UpForReschedule => "turquoise2",
        TaskState.UpstreamFailed => "orange1",
        TaskState.Skipped => "hotpink",
        TaskState.Cancelled => "yellow",
        _ => "default",
    };
}
