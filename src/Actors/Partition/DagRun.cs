using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Actors;

/// <summary>A run of the date.</summary>
/// <param name="RunId">Its id.</param>
/// <param name="Kind">Why it exists.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="State">How it stands.</param>
/// <param name="EndedAt">When it ended; null while it is open.</param>
/// <param name="Tasks">Its task instances, in the order of <see cref="TaskKind"/>.</param>
/// <param name="Wait">What it waits for.</param>
/// <param name="Step">Grows with everything that it asks of others; an answer to an earlier step is stale.</param>
/// <param name="HasSlot">Whether it holds a slot.</param>
/// <param name="Pin">What it processes.</param>
/// <param name="Unpinned">The tables that this step's pin still lacks.</param>
/// <param name="HoldNumber">The number of its last hold; 0 for none.</param>
/// <param name="SensorWaited">Whether the sensor found no data at first: then the run pins anew.</param>
/// <param name="ClearNumber">The number of the last clear that reached it; 0 for none.</param>
/// <param name="Claimed">What its creation claimed; null before.</param>
/// <param name="Untriggered">The claimed dates whose runs are not known to exist yet.</param>
/// <param name="Clearing">A clear that waits until the work has stopped.</param>
/// <param name="Mark">Its last mark, of a run that something else runs; null for ours.</param>
/// <param name="Cancelling">A cancel that waits until the work has stopped.</param>
/// <param name="Backfill">The number of the backfill of a range that made it; null if none did.</param>
public sealed record DagRun(
    RunId RunId,
    RunKind Kind,
    DateTimeOffset CreatedAt,
    RunState State,
    DateTimeOffset? EndedAt,
    ImmutableArray<TaskInstance> Tasks,
    Wait Wait,
    long Step,
    bool HasSlot,
    Pin Pin,
    ImmutableArray<TablePath> Unpinned,
    long HoldNumber,
    bool SensorWaited,
    long ClearNumber,
    ClaimedPartitions? Claimed,
    ImmutableArray<LogicalDate> Untriggered,
    PendingClear? Clearing,
    ExternalMark? Mark = null,
    PendingCancel? Cancelling = null,
    long? Backfill = null)
{
    /// <summary>Whether it has not ended.</summary>
    [JsonIgnore]
    public bool IsOpen => State is RunState.Queued or RunState.Running;

    /// <summary>The first task that has not succeeded and was not skipped; null if all have.</summary>
    [JsonIgnore]
    public TaskKind? Current => Tasks.FirstOrDefault(t => t.State is not (TaskState.Success or TaskState.Skipped))?.Task;

    /// <summary>A new run.</summary>
    public static DagRun Create(RunId id, RunKind kind, DateTimeOffset at, long? backfill = null) => new(
        id, kind, at, RunState.Queued, EndedAt: null, [.. Contracts.Tasks.All.Select(TaskInstance.New)], Wait.Nothing, 0, HasSlot: false,
        Pin.None, [], 0, SensorWaited: false, 0, Claimed: null, [], Clearing: null, Backfill: backfill);

    /// <summary>One of its task instances.</summary>
    public TaskInstance Task(TaskKind task) => Tasks[(int)task];

    /// <summary>The run with a task instance changed.</summary>
    public DagRun With(TaskKind task, Func<TaskInstance, TaskInstance> change) =>
        this with { Tasks = Tasks.SetItem((int)task, change(Task(task))) };

    /// <summary>Whether it waits for just this answer.</summary>
    public bool Awaits(Wait wait, long step) => IsOpen && Wait == wait && Step == step;
}

/// <summary>A task of a run.</summary>
/// <param name="Task">Which.</param>
/// <param name="State">How it stands.</param>
/// <param name="Try">The TryNumber: 0 before the first; clearing does not take tries back.</param>
/// <param name="TriesBefore">The tries that were used before the last clear: retries are counted from there.</param>
/// <param name="StartedAt">When this try began to run.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Note">What went wrong, or what it waits for, for people.</param>
public sealed record TaskInstance(
    TaskKind Task, TaskState State, int Try, int TriesBefore, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, string? Note)
{
    /// <summary>A task to which nothing has happened.</summary>
    public static TaskInstance New(TaskKind task) => new(task, TaskState.None, 0, 0, StartedAt: null, EndedAt: null, Note: null);
}

/// <summary>What a run waits for.</summary>
public enum Wait
{
    /// <summary>Nothing: it has ended.</summary>
    Nothing,

    /// <summary>The previous date's mark.</summary>
    MarkPredecessor,

    /// <summary>Another run of the date, which holds the partition or is about to.</summary>
    Section,

    /// <summary>A slot.</summary>
    Slot,

    /// <summary>Its turn at the marking singleton.</summary>
    MarkTurn,

    /// <summary>The versions of its inputs.</summary>
    Pins,

    /// <summary>Data in the next partition.</summary>
    Data,

    /// <summary>Its work.</summary>
    Work,

    /// <summary>The time of its next try.</summary>
    Retry,

    /// <summary>The previous date's creation.</summary>
    CreationPredecessor,

    /// <summary>The backfill singleton.</summary>
    Creation,

    /// <summary>Word that the runs it triggered exist.</summary>
    Triggers,

    /// <summary>Word of what runs it that it has processed what it pinned.</summary>
    External,
}

/// <summary>What a creation claimed.</summary>
/// <param name="ClaimId">The claims' id.</param>
/// <param name="At">When they were made: part of the triggered runs' ids.</param>
/// <param name="Dates">The claimed dates, ascending.</param>
public sealed record ClaimedPartitions(string ClaimId, DateTimeOffset At, ImmutableArray<LogicalDate> Dates);

/// <summary>A clear that waits until the work has stopped.</summary>
/// <param name="Tasks">What it clears.</param>
/// <param name="Number">Its number.</param>
public sealed record PendingClear(ImmutableSortedSet<TaskKind> Tasks, long Number);

/// <summary>A mark of a run that something else runs.</summary>
/// <param name="Try">Its try, by the caller's count.</param>
/// <param name="Asking">Who waits to be told the pin.</param>
public sealed record ExternalMark(int Try, ImmutableArray<RequestId> Asking)
{
    /// <summary>How many may wait for the same mark.</summary>
    public const int MostAsking = 16;
}

/// <summary>A cancel that waits until the work has stopped.</summary>
/// <param name="Requests">Who asked, and is answered then.</param>
/// <param name="AfterClear">A clear that waited already: what it clears has not run when the run ends.</param>
public sealed record PendingCancel(ImmutableArray<RequestId> Requests, PendingClear? AfterClear);
