using System.Collections.Immutable;
using Latecomer.Contracts;

namespace Latecomer.Actors;

/// <summary>What happens to the backfills of a pipeline.</summary>
public abstract record BackfillEntry
{
    private BackfillEntry()
    {
    }

    /// <summary>A partition is late, or no more.</summary>
    public sealed record LatenessSeen(LogicalDate Date, bool Late, Schedule Schedule) : BackfillEntry;

    /// <summary>The pipeline's definition is this.</summary>
    public sealed record DefinitionSeen(PipelineDefinition Definition) : BackfillEntry;

    /// <summary>A creation may go on.</summary>
    public sealed record Queued(CreationRequest Request) : BackfillEntry;

    /// <summary>A creation waits for the date before.</summary>
    public sealed record Waiting(CreationRequest Request) : BackfillEntry;

    /// <summary>A run waits no more.</summary>
    public sealed record Dropped(RunId Run) : BackfillEntry;

    /// <summary>A creation began.</summary>
    public sealed record Begun(CreationRequest Request, string ClaimId, DateTimeOffset At, ImmutableArray<TablePath> Tables) : BackfillEntry;

    /// <summary>A table's changes are known.</summary>
    public sealed record TableSynced(TablePath Table) : BackfillEntry;

    /// <summary>Partitions were asked to let themselves be reserved.</summary>
    public sealed record Reserving(ImmutableArray<LogicalDate> Dates) : BackfillEntry;

    /// <summary>A partition answered.</summary>
    public sealed record Answered(LogicalDate Date, string? Refusal) : BackfillEntry;

    /// <summary>The file is being written.</summary>
    public sealed record WriteBegun : BackfillEntry;

    /// <summary>Nobody wants the creation any more.</summary>
    public sealed record Abandoned : BackfillEntry;

    /// <summary>The creation is done: what it reserved is claimed.</summary>
    public sealed record Created(ImmutableArray<LogicalDate> Dates) : BackfillEntry;

    /// <summary>The creation is over and has claimed nothing.</summary>
    public sealed record Failed(string Reason) : BackfillEntry;

    /// <summary>The creation of a scheduled date has ended.</summary>
    /// <param name="Date">The date.</param>
    /// <param name="Schedule">Of which schedule; null if what was known before says it.</param>
    public sealed record OrderEnded(LogicalDate Date, Schedule? Schedule = null) : BackfillEntry;

    /// <summary>A claim is over.</summary>
    public sealed record ClaimOver(LogicalDate Date) : BackfillEntry;

    /// <summary>Claims of an earlier try of the run are being given up.</summary>
    public sealed record GivingUp(ImmutableArray<LogicalDate> Dates) : BackfillEntry;

    /// <summary>What is to be given up of a date is known: its claim is over, or a run has marked under it.</summary>
    public sealed record GivenUp(LogicalDate Date) : BackfillEntry;

    /// <summary>A claim stays live.</summary>
    public sealed record ClaimKept(LogicalDate Date, LiveClaim Claim) : BackfillEntry;

    /// <summary>A claim of the creation under way is over already.</summary>
    public sealed record OverEarly(LogicalDate Date) : BackfillEntry;

    /// <summary>The creations of these dates count as ended: they were processed elsewhere.</summary>
    public sealed record CreationsAdopted(DateRange Dates, Schedule Schedule) : BackfillEntry;

    /// <summary>All is to be forgotten once the creation under way has ended.</summary>
    public sealed record Forgetting : BackfillEntry;

    /// <summary>All is forgotten but for what numbers creations and names runs.</summary>
    public sealed record Forgotten : BackfillEntry;

    /// <summary>The creations of these dates are not done.</summary>
    public sealed record CreationsReset(DateRange Dates, long Number, Schedule Schedule) : BackfillEntry;
}
