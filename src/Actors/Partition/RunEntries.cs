using System.Collections.Immutable;
using System.Diagnostics;
using Latecomer.Contracts;

namespace Latecomer.Actors;

/// <summary>What entries do to the runs of a partition.</summary>
internal static class RunEntries
{
    public static PartitionState Apply(PartitionState state, PartitionEntry entry) => entry switch
    {
        PartitionEntry.StepTaken taken => state.With(taken.Run, r => r with { Wait = taken.Wait, Step = r.Step + 1 }),
        PartitionEntry.WaitChanged changed => state.With(changed.Run, r => r with { Wait = changed.Wait }),
        PartitionEntry.SlotTaken taken => state.With(taken.Run, r => r with { HasSlot = true }),
        PartitionEntry.SlotGivenBack back => state.With(back.Run, r => r with { HasSlot = false }),
        PartitionEntry.TaskQueued queued => state.With(queued.Run, r => (r with { State = RunState.Running }).With(queued.Task, Queue)),
        PartitionEntry.TaskStarted started => state.With(started.Run, r => r.With(started.Task, t => t with
        {
            State = TaskState.Running,
            StartedAt = t.StartedAt ?? started.At,
            Note = null,
        })),
        PartitionEntry.TaskRescheduled waits => state.With(waits.Run, r => r.With(waits.Task, t => t with
        {
            State = TaskState.UpForReschedule,
            Note = waits.Note,
        })),
        PartitionEntry.TaskEnded ended => state.With(ended.Run, r => r.With(ended.Task, t => t with
        {
            State = ended.State,
            EndedAt = ended.At,
            Note = ended.Note,
        })),
        PartitionEntry.PinBegun begun => state.With(begun.Run, r => r with { Unpinned = begun.Tables }),
        PartitionEntry.PinTaken taken => state.With(taken.Run, r => r with
        {
            Pin = r.Pin.With(taken.Table, taken.Pin),
            Unpinned = r.Unpinned.Remove(taken.Table),
        }),
        PartitionEntry.SensorWaited waited => state.With(waited.Run, r => r with { SensorWaited = true }),
        PartitionEntry.ClaimsReceived received => state.With(received.Run, r => r with
        {
            Claimed = received.Claimed,
            Untriggered = received.Claimed.Dates,
        }),
        PartitionEntry.TriggerConfirmed confirmed => state.With(confirmed.Run, r => r with { Untriggered = r.Untriggered.Remove(confirmed.Date) }),
        PartitionEntry.ClearRequested requested => state.With(requested.Run, r => r with { Clearing = requested.Clear }),
        PartitionEntry.CancelRequested requested => state.With(requested.Run, r => RequestCancel(r, requested)),
        PartitionEntry.TasksCleared cleared => state.With(cleared.Run, r => Clear(r, cleared)),
        PartitionEntry.LaterTasksCleared cleared => state.With(cleared.Run, r => ClearLater(r, cleared)),
        PartitionEntry.ClearSeen seen => state.With(seen.Run, r => r with { ClearNumber = Math.Max(r.ClearNumber, seen.Number) }),
        PartitionEntry.ExternalMarkBegun begun => state.With(begun.Run, r => BeginMark(r, begun)),
        PartitionEntry.ExternalMarkAsked asked => state.With(asked.Run, r => r with { Mark = r.Mark! with { Asking = r.Mark.Asking.Add(asked.Request) } }),
        PartitionEntry.ExternalMarkAnswered answered => state.With(answered.Run, r => r with { Mark = r.Mark! with { Asking = [] } }),
        PartitionEntry.RunEnded ended => state.With(ended.Run, r => End(r, ended)),
        _ => throw new UnreachableException(),
    };

    /// <summary>A new try begins when a task is queued; one that only waits for its slot is still in it.</summary>
    private static TaskInstance Queue(TaskInstance task) => task with
    {
        State = TaskState.Queued,
        Try = task.Try + 1,
        StartedAt = null,
        EndedAt = null,
        Note = null,
    };

    private static DagRun Clear(DagRun run, PartitionEntry.TasksCleared cleared)
    {
        var clearsCreation = cleared.Tasks.Contains(TaskKind.Creation);
        var clearsHold = cleared.Tasks.Contains(TaskKind.Mark);
        var stopped = run.Current;
        return run with
        {
            State = RunState.Queued,
            EndedAt = null,
            Wait = Wait.Nothing,
            Tasks = [.. run.Tasks.Select(t => IsReset(t, cleared.Tasks, stopped) ? Reset(t) : t)],
            Pin = clearsHold ? Pin.None : run.Pin,
            Unpinned = [],
            SensorWaited = !clearsHold && run.SensorWaited,
            ClearNumber = Math.Max(run.ClearNumber, cleared.Number),
            Claimed = clearsCreation ? null : run.Claimed,
            Untriggered = clearsCreation ? [] : run.Untriggered,
            Clearing = null,
        };
    }

    private static DagRun ClearLater(DagRun run, PartitionEntry.LaterTasksCleared cleared)
    {
        var clearsCreation = cleared.Tasks.Contains(TaskKind.Creation);
        return run with
        {
            Tasks = [.. run.Tasks.Select(t => cleared.Tasks.Contains(t.Task) ? Reset(t) : t)],
            ClearNumber = Math.Max(run.ClearNumber, cleared.Number),
            Claimed = clearsCreation ? null : run.Claimed,
            Untriggered = clearsCreation ? [] : run.Untriggered,
        };
    }

    /// <summary>Besides what is cleared, what never came to its end runs as well: a cleared run goes on to its end. Where it failed, or was cancelled, it
    /// ends again unless that is cleared too.</summary>
    private static bool IsReset(TaskInstance task, ImmutableSortedSet<TaskKind> cleared, TaskKind? stopped) => cleared.Contains(task.Task) || task.State switch
    {
        TaskState.Success or TaskState.Skipped or TaskState.Failed => false,
        TaskState.Cancelled => task.Task != stopped,
        _ => true,
    };

    private static TaskInstance Reset(TaskInstance task) => TaskInstance.New(task.Task) with { Try = task.Try, TriesBefore = task.Try };

    /// <summary>What it did before is of an earlier try: of mark and work by the caller's count.</summary>
    private static DagRun BeginMark(DagRun run, PartitionEntry.ExternalMarkBegun begun) => run with
    {
        State = RunState.Running,
        EndedAt = null,
        Pin = Pin.None,
        Unpinned = [],
        Mark = new ExternalMark(begun.Try, [begun.Request]),
        Tasks =
        [
            .. run.Tasks.Select(t => t.Task switch
            {
                TaskKind.Mark => TaskInstance.New(t.Task) with { State = TaskState.Queued, Try = begun.Try },
                TaskKind.Work => TaskInstance.New(t.Task) with { Try = begun.Try },
                _ => Reset(t),
            }),
        ],
    };

    private static DagRun RequestCancel(DagRun run, PartitionEntry.CancelRequested requested)
    {
        var cancel = run.Cancelling ?? new PendingCancel([], run.Clearing);
        return run with
        {
            Clearing = run.Cancelling is null ? null : run.Clearing,
            Cancelling = requested.Request is { } request ? cancel with { Requests = cancel.Requests.Add(request) } : cancel,
        };
    }

    private static DagRun End(DagRun run, PartitionEntry.RunEnded ended) => run with
    {
        State = ended.State,
        EndedAt = ended.At,
        Wait = Wait.Nothing,
        Unpinned = [],
        Untriggered = [],
        Cancelling = null,
        Tasks = ended.State switch
        {
            RunState.Failed => [.. run.Tasks.Select(t => t.State == TaskState.None ? t with { State = TaskState.UpstreamFailed } : t)],
            RunState.Cancelled => [.. run.Tasks.Select(t => Cancel(t, ended.At))],
            _ => run.Tasks,
        },
    };

    private static TaskInstance Cancel(TaskInstance task, DateTimeOffset at) => task.State switch
    {
        TaskState.Queued or TaskState.Running or TaskState.UpForReschedule => task with { State = TaskState.Cancelled, EndedAt = at, Note = "the run was cancelled" },
        TaskState.None or TaskState.UpForRetry => task with { State = TaskState.Cancelled },
        _ => task,
    };
}
