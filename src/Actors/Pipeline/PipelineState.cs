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
/// <param name="LastTriggerAt">When the last manual run, or backfill of a range, was made: the next one is later, for run ids name the time.</param>
/// <param name="Paused">Whether a person paused it: no scheduled runs are made, and no slots granted.</param>
/// <param name="Backfill">The backfill of a range that is under way.</param>
/// <param name="BackfillsMade">The number of the last such backfill.</param>
/// <param name="Adopting">What was processed elsewhere and is being taken over: no runs are made until that is done.</param>
/// <param name="Adoptions">The number of the last adoption.</param>
/// <param name="AdoptedThrough">Up to this date there are no scheduled runs: they were processed elsewhere. Null if nothing was.</param>
/// <param name="PassedThrough">The last date to which something was passed on that a person or another system wanted; null if none.</param>
/// <param name="Deleting">How far its deletion is; null unless it is being deleted.</param>
/// <param name="Deletions">The number of the last deletion that was asked for.</param>
/// <param name="Generation">How often a pipeline of this name was deleted.</param>
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
    DateTimeOffset LastTriggerAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Paused = false,
    RangeBackfill? Backfill = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long BackfillsMade = 0,
    Adoption? Adopting = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long Adoptions = 0,
    LogicalDate? AdoptedThrough = null,
    LogicalDate? PassedThrough = null,
    Deletion? Deleting = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long Deletions = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long Generation = 0)
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

    /// <summary>The first date that may have a scheduled run.</summary>
    [JsonIgnore]
    public LogicalDate FirstScheduled => AdoptedThrough is { } through ? Definition!.Schedule.Next(through) : Definition!.Start;
}

/// <summary>A definition that is to be applied.</summary>
public sealed record PendingApply(
    RequestId Request, PipelineDefinition Definition, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Paused = false);

/// <summary>A run that holds a slot, or waits for one.</summary>
public sealed record SlotClaimant(LogicalDate Date, RunId Run, RunKind Kind, long Step);

/// <summary>A clear under way.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Request">Who asked.</param>
/// <param name="Dates">The dates.</param>
/// <param name="Run">The run, if it is not the scheduled ones that are cleared.</param>
/// <param name="Tasks">The tasks of each run.</param>
/// <param name="Resets">How many singletons have not put back their order yet.</param>
/// <param name="NextDate">The next date to be told, or asked; null when all were.</param>
/// <param name="Outstanding">How many runs were told, or asked, and have not answered.</param>
/// <param name="Failures">What has failed, where only that is cleared; null where all is.</param>
public sealed record ClearOperation(
    long Number, RequestId Request, DateRange Dates, RunId? Run, ImmutableSortedSet<TaskKind> Tasks, int Resets, LogicalDate? NextDate, long Outstanding,
    FailureSurvey? Failures = null)
{
    /// <summary>Whether runs are being asked what has failed in them: nothing is cleared yet.</summary>
    [JsonIgnore]
    public bool IsAsking => Failures is { IsComplete: false };

    /// <summary>What is cleared in the run of a date.</summary>
    public ImmutableSortedSet<TaskKind> TasksOf(LogicalDate date) =>
        Failures is null ? Tasks : Failures.Parts.Find(p => p.Dates.Contains(date))?.Tasks ?? [];

    /// <summary>The first date from one on in whose run something is cleared; null if there is none.</summary>
    public LogicalDate? FirstFrom(LogicalDate date, Schedule schedule) => Failures is null
        ? (date <= Dates.To ? date : null)
        : Failures.Parts.SelectMany(p => p.Dates.Ranges).Where(r => r.To >= date).Select(r => (LogicalDate?)(r.From > date ? r.From : date)).Min();
}

/// <summary>What the runs of a clear have answered that concerns failures only. They are asked one clear at a time, in the order of the clears: what they
/// answered cannot have changed when they are told.</summary>
/// <param name="DryRun">Whether the answer is all that is wanted.</param>
/// <param name="IsComplete">Whether all have answered.</param>
/// <param name="Parts">The dates in whose runs something has failed, by the tasks that are to run again.</param>
public sealed record FailureSurvey(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool DryRun,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsComplete,
    ImmutableList<ClearPart> Parts)
{
    /// <summary>In how many stretches of dates the failures may lie: singletons remember them.</summary>
    public const int MostStretches = 100;

    /// <summary>How many stretches there are.</summary>
    [JsonIgnore]
    public int Stretches => Parts.Sum(p => p.Dates.Ranges.Length);

    /// <summary>With the failures of one more run.</summary>
    public FailureSurvey With(LogicalDate date, ImmutableSortedSet<TaskKind> tasks, Schedule schedule)
    {
        var part = Parts.Find(p => p.Tasks.SetEquals(tasks)) ?? new ClearPart(tasks, DateRanges.Empty);
        return this with { Parts = Parts.Remove(part).Add(part with { Dates = part.Dates.Add(date, schedule) }) };
    }
}

/// <summary>Dates in whose runs the same tasks are cleared.</summary>
public sealed record ClearPart(ImmutableSortedSet<TaskKind> Tasks, DateRanges Dates);
