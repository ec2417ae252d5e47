using System.Collections.Immutable;
using System.Diagnostics;

namespace Latecomer.Contracts;

/// <summary>The seven tasks of a run, in the order in which they run; each needs the one before.</summary>
public enum TaskKind
{
    /// <summary><c>mark_partition_as_processing</c>: takes the hold and pins the inputs' versions.</summary>
    Mark,

    /// <summary><c>next_partition_sensor</c>: waits for data in the partition of the data interval's end.</summary>
    Sensor,

    /// <summary>The user's work, under the name that the pipeline gives it.</summary>
    Work,

    /// <summary><c>mark_partition_as_processed</c>: the run's pin becomes the last processed one; the hold is released.</summary>
    MarkProcessed,

    /// <summary><c>backfill_creation_job</c>: claims the late partitions before the run's date.</summary>
    Creation,

    /// <summary><c>generate_backfilling_arguments</c>: one entry per claimed partition.</summary>
    Arguments,

    /// <summary><c>backfill_past_partitions</c>: triggers one run per entry.</summary>
    Trigger,
}

/// <summary>What is known of tasks without a run.</summary>
public static class Tasks
{
    /// <summary>All, in order.</summary>
    public static ImmutableArray<TaskKind> All { get; } = [.. Enum.GetValues<TaskKind>()];

    /// <summary>Those that run under the hold. They are cleared as one: a hold without its work, or a processed mark without the work
    /// that was pinned for it, would be untrue.</summary>
    public static ImmutableArray<TaskKind> UnderHold { get; } = [TaskKind.Mark, TaskKind.Sensor, TaskKind.Work, TaskKind.MarkProcessed];

    /// <summary>The task's id, as the seed's users know it.</summary>
    public static string IdOf(TaskKind task, Work work) => IdOf(task, work.TaskId);

    /// <summary>The task's id, where the work has the id <paramref name="workTask"/>.</summary>
    public static string IdOf(TaskKind task, string workTask) => task switch
    {
        TaskKind.Mark => "mark_partition_as_processing",
        TaskKind.Sensor => "next_partition_sensor",
        TaskKind.Work => workTask,
        TaskKind.MarkProcessed => "mark_partition_as_processed",
        TaskKind.Creation => "backfill_creation_job",
        TaskKind.Arguments => "generate_backfilling_arguments",
        TaskKind.Trigger => "backfill_past_partitions",
        _ => throw new UnreachableException(),
    };

    /// <summary>The tasks that clearing <paramref name="task"/> (null: all) clears.</summary>
    public static ImmutableSortedSet<TaskKind> Selected(TaskKind? task, bool upstream, bool downstream)
    {
        var chosen = All.Where(t => task is not { } one || t == one || (upstream && t < one) || (downstream && t > one)).ToImmutableSortedSet();
        return WithUnderHold(chosen);
    }

    /// <summary>The tasks, and all under the hold if one of them is.</summary>
    public static ImmutableSortedSet<TaskKind> WithUnderHold(ImmutableSortedSet<TaskKind> tasks) => tasks.Overlaps(UnderHold) ? tasks.Union(UnderHold) : tasks;
}
