using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Actors;

/// <summary>What a partition is told.</summary>
public abstract record PartitionMessage
{
    private PartitionMessage()
    {
    }

    /// <summary>A commit concerns the partition. <paramref name="FilesDelta"/> counts the files of its own date; <paramref name="Affects"/> says that data changed
    /// which its runs read. Acknowledged to the watcher once the backfill singleton knows.</summary>
    public sealed record Changed(TablePath Table, InputChange Change, int FilesDelta, bool Affects) : PartitionMessage;

    /// <summary>What an input held when the pipeline began to read it.</summary>
    /// <param name="Table">The input.</param>
    /// <param name="TableId">Its id.</param>
    /// <param name="Files">Files of the date's own partition.</param>
    /// <param name="LastChange">The version of the last change of what the date's runs read; null if they read nothing of it.</param>
    /// <param name="At">When that was.</param>
    /// <param name="Version">The version that was read, by which the message is acknowledged to the watcher; null from builds that did not wait for that.</param>
    /// <param name="Rows">How many rows there were to read: more than the last change can have brought there are not.</param>
    public sealed record Baselined(
        TablePath Table, string TableId, int Files, long? LastChange, DateTimeOffset At, long? Version = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long Rows = 0) : PartitionMessage;

    /// <summary>Could the date count as processed elsewhere, by that pin? Answered by <see cref="PipelineMessage.AdoptAnswered"/>.</summary>
    public sealed record AdoptAsked(long Number, Pin Pin) : PartitionMessage;

    /// <summary>The date was processed elsewhere, by that pin. Answered by <see cref="PipelineMessage.DateAdopted"/> once the backfill singleton knows whether it is late.</summary>
    public sealed record Adopt(long Number, Pin Pin, PipelineDefinition Definition) : PartitionMessage;

    /// <summary>A run of this date exists from now on.</summary>
    public sealed record CreateRun(RunId Run, RunKind Kind, PipelineDefinition Definition, RequestId? Request) : PartitionMessage;

    /// <summary>A slot is the run's.</summary>
    public sealed record SlotGranted(RunId Run, long Step, PipelineDefinition Definition) : PartitionMessage;

    /// <summary>The previous date is marked: the run may go for its mark.</summary>
    public sealed record MarkReady(RunId Run, long Step) : PartitionMessage;

    /// <summary>The previous date is not marked (any more): the run waits without its slot.</summary>
    public sealed record MarkWaits(RunId Run, long Step) : PartitionMessage;

    /// <summary>It is the run's turn to mark, nobody else's.</summary>
    public sealed record MarkTurn(RunId Run, long Step) : PartitionMessage;

    /// <summary>The newest version of an input.</summary>
    public sealed record Pinned(RunId Run, long Step, TablePath Table, TablePin Pin) : PartitionMessage;

    /// <summary>An input cannot be read.</summary>
    public sealed record PinFailed(RunId Run, long Step, string Reason) : PartitionMessage;

    /// <summary>A run of the date before waits for data of a table here.</summary>
    public sealed record AwaitData(TablePath Table, LogicalDate Date, RunId Run, long Step) : PartitionMessage;

    /// <summary>The pipeline is to be deleted: does something that is not in its hands hold the date? Answered by <see cref="PipelineMessage.DeleteAnswered"/>.</summary>
    public sealed record DeleteAsked(long Number) : PartitionMessage;

    /// <summary>The pipeline is deleted: what is known of the date is forgotten. Answered to the pipeline four times: straight, and by way of the marking singleton, of the
    /// backfill singleton, and of the next date, so that nothing that was said to any of them before is on its way any more.</summary>
    /// <param name="Generation">How often the pipeline was deleted, this time included.</param>
    /// <param name="Schedule">Its schedule.</param>
    public sealed record Forget(long Generation, Schedule Schedule) : PartitionMessage;

    /// <summary>The date before of a pipeline that is deleted says no more. Passed on to the pipeline.</summary>
    public sealed record PartitionForgotten(LogicalDate Date) : PartitionMessage;

    /// <summary>The next partition holds data.</summary>
    public sealed record DataFound(RunId Run, long Step) : PartitionMessage;

    /// <summary>The next partition holds no data yet; <see cref="DataFound"/> follows.</summary>
    public sealed record DataMissing(RunId Run, long Step) : PartitionMessage;

    /// <summary>The work ended.</summary>
    public sealed record WorkEnded(ActivityEnded Activity) : PartitionMessage;

    /// <summary>It is time for the next try.</summary>
    public sealed record RetryDue(RunId Run, long Step) : PartitionMessage;

    /// <summary>The previous date's creation has not ended: the run waits without its slot.</summary>
    public sealed record CreationWaits(RunId Run, long Step) : PartitionMessage;

    /// <summary>The previous date's creation has ended.</summary>
    public sealed record CreationReady(RunId Run, long Step) : PartitionMessage;

    /// <summary>The creation is done: these are claimed.</summary>
    public sealed record Created(RunId Run, long Step, ClaimedPartitions Claimed) : PartitionMessage;

    /// <summary>The creation failed; nothing is claimed.</summary>
    public sealed record CreationFailed(RunId Run, long Step, string Reason) : PartitionMessage;

    /// <summary>The backfill singleton wants to reserve the partition for a run of <paramref name="By"/>, which something else may run.</summary>
    public sealed record Reserve(string ClaimId, LogicalDate By, RunId CreatedBy, long MinRows, bool? External = null) : PartitionMessage;

    /// <summary>A claim that triggered nothing is over. One that a run has marked under stays (<see cref="BackfillMessage.ClaimKept"/>).</summary>
    public sealed record ReleaseClaim(string ClaimId) : PartitionMessage;

    /// <summary>The run that created a claim triggers a run of this date under it.</summary>
    public sealed record TriggerBackfill(string ClaimId, RunId Run, LogicalDate By, RunId CreatedBy, long Step, PipelineDefinition Definition) : PartitionMessage;

    /// <summary>The triggered run exists.</summary>
    public sealed record BackfillTriggered(RunId Run, long Step, LogicalDate Date) : PartitionMessage;

    /// <summary>Tasks of a run are to run again.</summary>
    public sealed record ClearTasks(long Number, RunId Run, ImmutableSortedSet<TaskKind> Tasks, PipelineDefinition Definition) : PartitionMessage;

    /// <summary>A run that something else runs wants to mark. Answered by a <see cref="MarkAsProcessingReply"/>.</summary>
    public sealed record MarkAsProcessing(RequestId Request, RunId Run, int Try, PipelineDefinition Definition) : PartitionMessage;

    /// <summary>Such a run has processed what it pinned, under the hold of that number if it says so. Answered by a <see cref="MarkAsProcessedReply"/>.</summary>
    public sealed record MarkAsProcessed(RequestId Request, RunId Run, long? HoldNumber = null) : PartitionMessage;

    /// <summary>Such a run wants the late partitions before its date. Answered by a <see cref="CreateFromLateReply"/>.</summary>
    public sealed record CreateFromLate(RequestId Request, RunId Run, int Try, PipelineDefinition Definition) : PartitionMessage;

    /// <summary>A person says that what makes the partition late needs no run. This and the next two are answered by a <see cref="PartitionRow"/>.</summary>
    public sealed record Dismiss(RequestId Request, string Reason) : PartitionMessage;

    /// <summary>A person lets the partition be claimed again.</summary>
    public sealed record Approve(RequestId Request) : PartitionMessage;

    /// <summary>A person takes the partition, or a claim that nobody has marked under, from a run that something else runs.</summary>
    public sealed record Release(RequestId Request, RunId Run, string Reason) : PartitionMessage;

    /// <summary>What of these tasks has failed in a run? Answered by <see cref="PipelineMessage.FailuresFound"/>.</summary>
    public sealed record FailuresAsked(long Number, RunId Run, ImmutableSortedSet<TaskKind> Tasks) : PartitionMessage;

    /// <summary>A run is to stop for good. Answered by its <see cref="RunRow"/> once it has ended.</summary>
    public sealed record CancelRun(RequestId? Request, RunId Run) : PartitionMessage;

    /// <summary>Does the date want a run of a backfill of a range? Answered by <see cref="PipelineMessage.BackfillAnswered"/>.</summary>
    public sealed record BackfillAsked(long Number, ReprocessBehavior Behavior) : PartitionMessage;

    /// <summary>A run of a backfill of a range is to be, if the date still wants one. Answered by <see cref="PipelineMessage.BackfillRunMade"/>.</summary>
    public sealed record CreateBackfillRun(long Number, RunId Run, ReprocessBehavior Behavior, PipelineDefinition Definition) : PartitionMessage;
}

/// <summary>The reply to <see cref="PartitionMessage.MarkAsProcessing"/>.</summary>
/// <param name="Pin">What the run is to process.</param>
/// <param name="HoldNumber">The number of its hold.</param>
/// <param name="Backfill">Whether a claim covers the date, which is the run's now.</param>
public sealed record MarkAsProcessingReply(Pin Pin, long HoldNumber, bool Backfill);

/// <summary>The reply to <see cref="PartitionMessage.MarkAsProcessed"/>.</summary>
/// <param name="Pin">What counts as processed now.</param>
/// <param name="Late">Whether more has come since it was pinned.</param>
public sealed record MarkAsProcessedReply(Pin Pin, bool Late);

/// <summary>The reply to <see cref="PartitionMessage.CreateFromLate"/>.</summary>
/// <param name="ClaimId">The claims' id; null if nothing was claimed.</param>
/// <param name="Partitions">What was claimed, in order of date.</param>
/// <param name="File">The file that says the same, relative to the dataset folder.</param>
public sealed record CreateFromLateReply(string? ClaimId, ImmutableArray<ClaimedPartition> Partitions, string File);

/// <summary>A late partition that was claimed.</summary>
/// <param name="Date">Its date.</param>
/// <param name="Run">The id that a run of it gets by custom.</param>
/// <param name="Partition">The partition, as the file names it.</param>
public sealed record ClaimedPartition(LogicalDate Date, RunId Run, string Partition);
