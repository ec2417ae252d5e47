using System.Collections.Immutable;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Actors;

/// <summary>What happens to a partition and its runs.</summary>
public abstract record PartitionEntry
{
    private PartitionEntry()
    {
    }

    /// <summary>All is forgotten but for the number of the last hold.</summary>
    public sealed record Forgotten(long Generation) : PartitionEntry;

    /// <summary>An input changed.</summary>
    public sealed record ChangeSeen(TablePath Table, InputChange Change, int FilesDelta, bool Affects) : PartitionEntry;

    /// <summary>An input's contents are known.</summary>
    public sealed record BaselineSeen(TablePath Table, int Files, InputChange? LastChange) : PartitionEntry;

    /// <summary>The backfill singleton was told whether the partition is late.</summary>
    public sealed record LatenessReported(bool Late) : PartitionEntry;

    /// <summary>The pipeline's definition is this.</summary>
    public sealed record DefinitionSeen(PipelineDefinition Definition) : PartitionEntry;

    /// <summary>A run exists; a backfill of a range made it, if there is a number.</summary>
    public sealed record RunCreated(RunId Run, RunKind Kind, DateTimeOffset At, long? Backfill = null) : PartitionEntry;

    /// <summary>A run asked something of others and waits for the answer to a new step.</summary>
    public sealed record StepTaken(RunId Run, Wait Wait) : PartitionEntry;

    /// <summary>A run waits for something else, within the same step.</summary>
    public sealed record WaitChanged(RunId Run, Wait Wait) : PartitionEntry;

    /// <summary>A run holds a slot.</summary>
    public sealed record SlotTaken(RunId Run) : PartitionEntry;

    /// <summary>A run holds no slot any more.</summary>
    public sealed record SlotGivenBack(RunId Run) : PartitionEntry;

    /// <summary>A task instance waits for its turn, in a new try.</summary>
    public sealed record TaskQueued(RunId Run, TaskKind Task) : PartitionEntry;

    /// <summary>A task instance runs.</summary>
    public sealed record TaskStarted(RunId Run, TaskKind Task, DateTimeOffset At) : PartitionEntry;

    /// <summary>A task instance waits for something outside.</summary>
    public sealed record TaskRescheduled(RunId Run, TaskKind Task, string Note) : PartitionEntry;

    /// <summary>A try of a task ended.</summary>
    public sealed record TaskEnded(RunId Run, TaskKind Task, TaskState State, DateTimeOffset At, string? Note) : PartitionEntry;

    /// <summary>A run is the one that marks or works.</summary>
    public sealed record SectionEntered(RunId Run) : PartitionEntry;

    /// <summary>A run waits until it can be.</summary>
    public sealed record SectionQueued(RunId Run) : PartitionEntry;

    /// <summary>A run is it no more, and waits no more; a hold of its is released.</summary>
    public sealed record SectionLeft(RunId Run) : PartitionEntry;

    /// <summary>A run holds the partition, under a number; under the next one, where an older build wrote the entry.</summary>
    public sealed record Held(RunId Run, int MarkTry, long? Number = null) : PartitionEntry;

    /// <summary>A run pins its inputs anew.</summary>
    public sealed record PinBegun(RunId Run, ImmutableArray<TablePath> Tables) : PartitionEntry;

    /// <summary>A run pinned an input.</summary>
    public sealed record PinTaken(RunId Run, TablePath Table, TablePin Pin) : PartitionEntry;

    /// <summary>A run's sensor found no data at first.</summary>
    public sealed record SensorWaited(RunId Run) : PartitionEntry;

    /// <summary>A run's pin is the last processed one.</summary>
    public sealed record Processed(RunId Run, Pin Pin) : PartitionEntry;

    /// <summary>What was processed elsewhere, by that pin, was taken over.</summary>
    public sealed record Adopted(Pin Pin) : PartitionEntry;

    /// <summary>A run's creation claimed these.</summary>
    public sealed record ClaimsReceived(RunId Run, ClaimedPartitions Claimed) : PartitionEntry;

    /// <summary>A run that a run triggered exists.</summary>
    public sealed record TriggerConfirmed(RunId Run, LogicalDate Date) : PartitionEntry;

    /// <summary>The partition is claimed; for the run of a date that something else runs, if it says so.</summary>
    public sealed record Reserved(string ClaimId, RunId CreatedBy, LogicalDate? For = null) : PartitionEntry;

    /// <summary>The partition refused to be claimed by the creation of a run.</summary>
    public sealed record ReserveRefused(string ClaimId, RunId By, string Reason) : PartitionEntry;

    /// <summary>The claim triggered a run, or a run marked under it.</summary>
    public sealed record ClaimBound(string ClaimId, RunId Run) : PartitionEntry;

    /// <summary>The claim is over: released without a run (null), or its run ended.</summary>
    public sealed record ClaimOver(string ClaimId, bool? Succeeded) : PartitionEntry;

    /// <summary>A run waits for data here.</summary>
    public sealed record DataAwaited(DataWaiter Waiter) : PartitionEntry;

    /// <summary>A run that waited for data here was told.</summary>
    public sealed record DataAnnounced(RunId Run) : PartitionEntry;

    /// <summary>A clear waits until the work has stopped.</summary>
    public sealed record ClearRequested(RunId Run, PendingClear Clear) : PartitionEntry;

    /// <summary>A cancel waits until the work has stopped.</summary>
    public sealed record CancelRequested(RunId Run, RequestId? Request) : PartitionEntry;

    /// <summary>Tasks are to run again.</summary>
    public sealed record TasksCleared(RunId Run, ImmutableSortedSet<TaskKind> Tasks, long Number) : PartitionEntry;

    /// <summary>Tasks that lie after the one that a run is at are to run again when it gets there.</summary>
    public sealed record LaterTasksCleared(RunId Run, ImmutableSortedSet<TaskKind> Tasks, long Number) : PartitionEntry;

    /// <summary>A clear reached a run, but nothing that it clears had begun.</summary>
    public sealed record ClearSeen(RunId Run, long Number) : PartitionEntry;

    /// <summary>A run that something else runs begins to mark, in a try of its own count.</summary>
    public sealed record ExternalMarkBegun(RunId Run, int Try, RequestId Request) : PartitionEntry;

    /// <summary>Somebody else waits for that mark too.</summary>
    public sealed record ExternalMarkAsked(RunId Run, RequestId Request) : PartitionEntry;

    /// <summary>Whoever waited for that mark was told.</summary>
    public sealed record ExternalMarkAnswered(RunId Run) : PartitionEntry;

    /// <summary>A run that something else runs asks what it may backfill, in a try of its own count.</summary>
    public sealed record ExternalCreationBegun(RunId Run, int Try, RequestId Request, DateTimeOffset At) : PartitionEntry;

    /// <summary>Somebody else waits for that too; in a later try, those of the one before wait no more.</summary>
    public sealed record ExternalCreationAsked(RunId Run, int Try, RequestId Request) : PartitionEntry;

    /// <summary>It ended, with claims or a failure.</summary>
    public sealed record ExternalCreationEnded(RunId Run, ClaimedPartitions? Claimed, string? Failure, DateTimeOffset At) : PartitionEntry;

    /// <summary>A person said that what came up to these versions needs no run.</summary>
    public sealed record Dismissed(Pin Pin, string Reason) : PartitionEntry;

    /// <summary>A person said that the partition may be claimed again.</summary>
    public sealed record Approved : PartitionEntry;

    /// <summary>A person took the partition, or a claim of it, from a run that something else runs.</summary>
    public sealed record Released(RunId Run, string Reason) : PartitionEntry;

    /// <summary>A run ended.</summary>
    public sealed record RunEnded(RunId Run, RunState State, DateTimeOffset At) : PartitionEntry;
}
