using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Actors;

/// <summary>A pipeline's definition, schedule and slots.</summary>
/// <param name="Definition">The definition in force; null before the first was applied.</param>
/// <param name="Applying">Definitions that are to be applied, in order; the first is being checked.</param>
/// <param name="Unsubscribed">The inputs whose contents were not passed on yet; the schedule begins when there are none.</param>
/// <param name="NextDate">The date of the next scheduled run to be made.</param>
/// <param name="MarkedThrough">The last date whose scheduled run has marked; null if none has.</param>
/// <param name="OpenScheduled">How many scheduled runs have not ended.</param>
/// <param name="Slots">Who holds a slot.</param>
/// <param name="Queue">Who waits for one, in order.</param>
/// <param name="BackfillWasLast">Whether the last slot for which both kinds waited went to a backfill.</param>
/// <param name="Clears">The clears under way.</param>
/// <param name="ClearNumber">The number of the last clear.</param>
/// <param name="LastTriggerAt">When the last manual run was made: the next one is later, for its id names the time.</param>
public sealed record PipelineState(
    PipelineDefinition? Definition,
    ImmutableList<PendingApply> Applying,
    ImmutableArray<TablePath> Unsubscribed,
    LogicalDate? NextDate,
    LogicalDate? MarkedThrough,
    long OpenScheduled,
    ImmutableList<SlotClaimant> Slots,
    ImmutableList<SlotClaimant> Queue,
    bool BackfillWasLast,
    ImmutableList<ClearOperation> Clears,
    long ClearNumber,
    DateTimeOffset LastTriggerAt)
{
    /// <summary>How many scheduled runs may be open: those beyond are made as others end.</summary>
    public const int MostOpenScheduled = 300;

    /// <summary>How many clears, and definitions to apply, may be under way.</summary>
    public const int MostOperations = 16;

    /// <summary>A pipeline that nobody has applied.</summary>
    public static PipelineState Empty { get; } = new(
        Definition: null, [], [], NextDate: null, MarkedThrough: null, 0, [], [], BackfillWasLast: false, [], 0, DateTimeOffset.UnixEpoch);

    /// <summary>Whether scheduled runs are made.</summary>
    [JsonIgnore]
    public bool IsStarted => Definition is not null && Unsubscribed.IsEmpty;
}

/// <summary>A definition that is to be applied.</summary>
public sealed record PendingApply(RequestId Request, PipelineDefinition Definition);

/// <summary>A run that holds a slot, or waits for one.</summary>
public sealed record SlotClaimant(LogicalDate Date, RunId Run, RunKind Kind, long Step);

/// <summary>A clear under way.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Request">Who asked.</param>
/// <param name="Dates">The dates.</param>
/// <param name="Run">The run, if it is not the scheduled ones that are cleared.</param>
/// <param name="Tasks">The tasks of each run.</param>
/// <param name="Resets">How many singletons have not put back their order yet.</param>
/// <param name="NextDate">The next date to be told; null when all were.</param>
/// <param name="Outstanding">How many runs were told and have not answered.</param>
public sealed record ClearOperation(
    long Number, RequestId Request, DateRange Dates, RunId? Run, ImmutableSortedSet<TaskKind> Tasks, int Resets, LogicalDate? NextDate, long Outstanding);
