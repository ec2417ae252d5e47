using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Actors;

/// <summary>What the backfill singleton is told.</summary>
public abstract record BackfillMessage
{
    private BackfillMessage()
    {
    }

    /// <summary>A partition is late, or no more. With a source, that change is acknowledged to its watcher.</summary>
    public sealed record LatenessChanged(LogicalDate Date, bool Late, Schedule Schedule, ChangeSource? Source) : BackfillMessage;

    /// <summary>A run wants the late partitions before its date. Answered by <see cref="PartitionMessage.Created"/>,
    /// <see cref="PartitionMessage.CreationFailed"/>, or first <see cref="PartitionMessage.CreationWaits"/>.</summary>
    public sealed record CreationRequested(
        LogicalDate Date, RunId Run, RunKind Kind, long Step, int Try, long ClearNumber, PipelineDefinition Definition) : BackfillMessage;

    /// <summary>A run does not want what it asked for in that step any more: what was claimed for it is released.</summary>
    public sealed record CreationAbandoned(RunId Run, long Step) : BackfillMessage;

    /// <summary>A scheduled run has ended without a creation: the next date need not wait.</summary>
    /// <param name="Date">Its date.</param>
    /// <param name="ClearNumber">The last clear that it has seen.</param>
    /// <param name="Schedule">Its pipeline's; null from builds that did not say it. It may be the first that is heard of the pipeline here.</param>
    public sealed record CreationSkipped(LogicalDate Date, long ClearNumber, Schedule? Schedule = null) : BackfillMessage;

    /// <summary>Every change of a table up to a version is known here.</summary>
    public sealed record Synced(long Step, TablePath Table, long Version) : BackfillMessage;

    /// <summary>A table cannot be read.</summary>
    public sealed record SyncFailed(long Step, string Reason) : BackfillMessage;

    /// <summary>A partition is reserved (no refusal), or refuses.</summary>
    public sealed record ReserveAnswered(string ClaimId, LogicalDate Date, string? Refusal) : BackfillMessage;

    /// <summary>The configuration file was written, or could not be.</summary>
    public sealed record WriteEnded(ActivityEnded Activity) : BackfillMessage;

    /// <summary>A run has marked under the claim that was to be given up: it stays live.</summary>
    public sealed record ClaimKept(LogicalDate Date, string ClaimId, RunId CreatedBy, LogicalDate For) : BackfillMessage;

    /// <summary>The run that a claim triggered has ended.</summary>
    public sealed record ClaimOver(LogicalDate Date, string ClaimId, bool StillLate) : BackfillMessage;

    /// <summary>A date was taken over. Passed on to the pipeline as <see cref="PipelineMessage.DateAdopted"/>: whether it is late is known here by then.</summary>
    public sealed record DateAdopted(long Number, LogicalDate Date, bool IsNew, bool IsLate) : BackfillMessage;

    /// <summary>These dates were processed elsewhere: their creations count as ended.</summary>
    public sealed record CreationsAdopted(DateRange Dates, Schedule Schedule) : BackfillMessage;

    /// <summary>A date of a pipeline that is deleted says no more. Passed on to the pipeline.</summary>
    public sealed record PartitionForgotten(LogicalDate Date) : BackfillMessage;

    /// <summary>The pipeline is deleted, and none of its partitions says anything any more. Answered by <see cref="PipelineMessage.PartForgotten"/> once nothing that was asked
    /// of them is on its way, and no file is being written.</summary>
    public sealed record Forget : BackfillMessage;

    /// <summary>The creations of these dates are not done: they are being cleared. Answered by <see cref="PipelineMessage.OrderReset"/>.</summary>
    public sealed record ResetCreations(DateRange Dates, long Number, Schedule Schedule) : BackfillMessage;
}

/// <summary>The change that made a partition late.</summary>
public sealed record ChangeSource(TablePath Table, long Version);
