using System.Collections.Immutable;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Actors;

/// <summary>What happens to a pipeline.</summary>
public abstract record PipelineEntry
{
    private PipelineEntry()
    {
    }

    /// <summary>A definition waits to be applied.</summary>
    public sealed record ApplyQueued(PendingApply Apply) : PipelineEntry;

    /// <summary>The first of them was decided.</summary>
    public sealed record ApplyDecided : PipelineEntry;

    /// <summary>The definition is this.</summary>
    public sealed record Applied(PipelineDefinition Definition) : PipelineEntry;

    /// <summary>An input's contents were passed on.</summary>
    public sealed record InputSubscribed(TablePath Table) : PipelineEntry;

    /// <summary>A scheduled run was made.</summary>
    public sealed record RunScheduled(LogicalDate Date) : PipelineEntry;

    /// <summary>A scheduled run has marked.</summary>
    public sealed record Marked(LogicalDate Date) : PipelineEntry;

    /// <summary>A scheduled run ended.</summary>
    public sealed record ScheduledEnded(RunId Run) : PipelineEntry;

    /// <summary>A scheduled run that had ended goes on.</summary>
    public sealed record ScheduledReopened(long ClearNumber) : PipelineEntry;

    /// <summary>A run waits for a slot.</summary>
    public sealed record SlotQueued(SlotClaimant Claimant) : PipelineEntry;

    /// <summary>A run has a slot.</summary>
    public sealed record SlotGranted(SlotClaimant Claimant, bool BothWaited) : PipelineEntry;

    /// <summary>A run has no slot and wants none.</summary>
    public sealed record SlotReleased(RunId Run) : PipelineEntry;

    /// <summary>A manual run was made.</summary>
    public sealed record Triggered(RunId Run, DateTimeOffset At) : PipelineEntry;

    /// <summary>The pipeline is paused.</summary>
    public sealed record Paused : PipelineEntry;

    /// <summary>It is not any more.</summary>
    public sealed record Unpaused : PipelineEntry;

    /// <summary>Something that a person or another system wants was passed on to a date later than all before.</summary>
    public sealed record PassedOn(LogicalDate Date) : PipelineEntry;

    /// <summary>The pipeline is being deleted: this is the next step, and so many answers are awaited.</summary>
    public sealed record DeleteWent(Deletion Deletion) : PipelineEntry;

    /// <summary>One of them came.</summary>
    public sealed record DeleteHeard : PipelineEntry;

    /// <summary>It is not deleted after all.</summary>
    public sealed record DeleteRefused : PipelineEntry;

    /// <summary>Nothing is left of it but its numbers.</summary>
    public sealed record Deleted(long Generation) : PipelineEntry;

    /// <summary>A backfill of a range begins: its dates are asked.</summary>
    public sealed record BackfillBegun(RangeBackfill Backfill) : PipelineEntry;

    /// <summary>So many dates were asked; the next one is this.</summary>
    public sealed record BackfillAsked(int Count, LogicalDate? Next) : PipelineEntry;

    /// <summary>A date has answered.</summary>
    public sealed record BackfillHeard(LogicalDate Date, bool Wanted) : PipelineEntry;

    /// <summary>All dates have answered: runs are made from now on.</summary>
    public sealed record BackfillPlanned(LogicalDate? Next) : PipelineEntry;

    /// <summary>A run of a backfill of a range was asked for; the next date is this.</summary>
    public sealed record BackfillRunAsked(LogicalDate Date, LogicalDate? Next) : PipelineEntry;

    /// <summary>It exists, or its date does not want it any more.</summary>
    public sealed record BackfillRunMade(LogicalDate Date, bool Made) : PipelineEntry;

    /// <summary>It ended.</summary>
    public sealed record BackfillRunEnded(LogicalDate Date, bool Succeeded) : PipelineEntry;

    /// <summary>It had ended, and was cleared.</summary>
    public sealed record BackfillRunReopened(LogicalDate Date, bool Succeeded) : PipelineEntry;

    /// <summary>A person paused a backfill of a range, let it go on, or cancelled it.</summary>
    public sealed record BackfillSteered(RangeBackfillState State, RequestId? Cancel) : PipelineEntry;

    /// <summary>A backfill of a range is over.</summary>
    public sealed record BackfillOver(long Number, RangeBackfillState State) : PipelineEntry;

    /// <summary>What was processed elsewhere is to be taken over.</summary>
    public sealed record AdoptionBegun(Adoption Adoption) : PipelineEntry;

    /// <summary>The table of states is being read.</summary>
    public sealed record AdoptionReading : PipelineEntry;

    /// <summary>It was read.</summary>
    public sealed record AdoptionRead(AdoptedVersions Versions) : PipelineEntry;

    /// <summary>All that changed up to now is to be known first.</summary>
    public sealed record AdoptionSyncing(ImmutableArray<TablePath> Tables) : PipelineEntry;

    /// <summary>What changed in a table is known; this is its newest version.</summary>
    public sealed record AdoptionSynced(TablePath Table, TablePin Newest) : PipelineEntry;

    /// <summary>The dates are asked from now on, or told.</summary>
    public sealed record AdoptionGoesOn(AdoptionStep Step) : PipelineEntry;

    /// <summary>So many dates were asked, or told; the next one is this.</summary>
    public sealed record AdoptionAsked(int Count, LogicalDate? Next) : PipelineEntry;

    /// <summary>A date has answered.</summary>
    public sealed record AdoptionHeard(LogicalDate Date, bool IsNew, bool IsLate) : PipelineEntry;

    /// <summary>It is over: done, and the schedule goes on after that date, or nothing was taken over.</summary>
    public sealed record AdoptionOver(long Number, LogicalDate? Through) : PipelineEntry;

    /// <summary>A clear began.</summary>
    public sealed record ClearBegun(ClearOperation Clear) : PipelineEntry;

    /// <summary>A run of a date has answered what has failed in it.</summary>
    public sealed record FailuresSeen(long Number, LogicalDate Date, ImmutableSortedSet<TaskKind> Tasks) : PipelineEntry;

    /// <summary>All that a clear concerns is known: so many answers of singletons are awaited before runs are told, from that date on.</summary>
    public sealed record SurveyEnded(long Number, int Resets, LogicalDate? From) : PipelineEntry;

    /// <summary>A singleton has put back its order.</summary>
    public sealed record ClearReset(long Number) : PipelineEntry;

    /// <summary>Runs were told of a clear.</summary>
    public sealed record ClearTold(long Number, long Count, LogicalDate? NextDate) : PipelineEntry;

    /// <summary>A run has taken a clear.</summary>
    public sealed record ClearTaken(long Number) : PipelineEntry;

    /// <summary>A clear is over.</summary>
    public sealed record ClearOver(long Number) : PipelineEntry;
}
