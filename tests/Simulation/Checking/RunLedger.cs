using System.Collections.Immutable;
using Latecomer.Actors;
using Latecomer.Contracts;

namespace Latecomer.Tests.Simulation;

/// <summary>A run as the ledger has it.</summary>
internal sealed class RunLedger(RunId id, RunKind kind)
{
    public RunId Id => id;

    public RunKind Kind => kind;

    public TaskState[] Tasks { get; } = new TaskState[Contracts.Tasks.All.Length];

    /// <summary>How it ended; null while it is open.</summary>
    public RunState? Ended { get; set; }

    public bool HasSlot { get; set; }

    /// <summary>What it has pinned since it began to pin last.</summary>
    public Pin Pin { get; set; } = Pin.None;

    /// <summary>Its sensor waited, and it has not begun to pin anew since.</summary>
    public bool SensorWaited { get; set; }

    /// <summary>The last clear that it has taken.</summary>
    public long ClearNumber { get; set; }

    /// <summary>The last clear that waits until its work has stopped.</summary>
    public long PendingClear { get; set; }

    /// <summary>The work whose success was accepted and that is not marked as processed yet.</summary>
    public RunWork? CompletedWork { get; set; }

    public void End(RunState state)
    {
        Ended = state;
        for (var task = 0; task < Tasks.Length; task++)
        {
            var isOver = Tasks[task] is TaskState.Success or TaskState.Skipped or TaskState.Failed or TaskState.UpstreamFailed;
            Tasks[task] = state == RunState.Cancelled && !isOver ? TaskState.Cancelled : Tasks[task];
        }
    }

    /// <summary>A run of something else begins anew.</summary>
    public void MarkAgain()
    {
        Ended = null;
        Pin = Pin.None;
        Array.Clear(Tasks);
        Tasks[(int)TaskKind.Mark] = TaskState.Queued;
    }

    public void ClearLater(ImmutableSortedSet<TaskKind> tasks, long number)
    {
        ClearNumber = Math.Max(ClearNumber, number);
        foreach (var task in tasks)
        {
            Tasks[(int)task] = TaskState.None;
        }
    }

    public void Clear(ImmutableSortedSet<TaskKind> tasks, long number)
    {
        Ended = null;
        ClearNumber = Math.Max(ClearNumber, number);
        foreach (var task in Contracts.Tasks.All)
        {
            if (tasks.Contains(task) || Tasks[(int)task] is not (TaskState.Success or TaskState.Skipped or TaskState.Failed))
            {
                Tasks[(int)task] = TaskState.None;
            }
        }

        if (tasks.Contains(TaskKind.Mark))
        {
            Pin = Pin.None;
            SensorWaited = false;
            CompletedWork = null;
        }
    }
}
