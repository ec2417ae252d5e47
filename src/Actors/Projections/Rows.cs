using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Latecomer.Contracts;

namespace Latecomer.Actors;

/// <summary>The names of the projections. A key's parts are separated by slashes, dates in it are full ISO dates, so that the ordinal order of the
/// keys is that of time.</summary>
public static class Projections
{
    /// <summary><see cref="PipelineRow"/> by pipeline.</summary>
    public const string Pipelines = "pipelines";

    /// <summary><see cref="TableRow"/> by table.</summary>
    public const string Tables = "tables";

    /// <summary><see cref="CommitRow"/> by table and version.</summary>
    public const string Commits = "commits";

    /// <summary><see cref="RunRow"/> by pipeline, date and run id.</summary>
    public const string Runs = "runs";

    /// <summary><see cref="TryRow"/> by pipeline, date, run id, task and try: the tries that ended. Retired once another try of the task has begun.</summary>
    public const string Tries = "tries";

    /// <summary><see cref="PartitionRow"/> by pipeline and date.</summary>
    public const string Partitions = "partitions";

    /// <summary><see cref="PartitionRow"/> by pipeline and date, of those that are late.</summary>
    public const string Late = "late";

    /// <summary><see cref="AccessToken"/> by id, of those that are good.</summary>
    public const string Tokens = "tokens";

    /// <summary><see cref="CreationRow"/> by pipeline, date and run id.</summary>
    public const string Creations = "creations";

    /// <summary><see cref="BackfillRow"/> by pipeline and number, the newest first.</summary>
    public const string Backfills = "backfills";
}

/// <summary>A pipeline, for people.</summary>
public sealed record PipelineRow(PipelineDefinition Definition, LogicalDate NextDate, int ActiveRuns, int ActiveBackfills, int QueuedRuns, bool Started, bool Paused = false);

/// <summary>A table that is watched, for people.</summary>
public sealed record TableRow(TablePath Table, string? TableId, long Version, ImmutableArray<PipelineName> Pipelines, TableProblem? Problem);

/// <summary>A commit that was seen, or a page of one, for people.</summary>
/// <param name="Table">The table.</param>
/// <param name="Version">The version.</param>
/// <param name="At">When, by the log.</param>
/// <param name="Pipeline">The pipeline whose run made it, if it is ours.</param>
/// <param name="Run">That run.</param>
/// <param name="Partitions">How many partitions it touched.</param>
/// <param name="Nowhere">How many of them changed data and concern no date of any pipeline: these make nothing late.</param>
/// <param name="FilesAdded">Files added.</param>
/// <param name="FilesRemoved">Files removed.</param>
/// <param name="Rows">Rows added.</param>
/// <param name="Bytes">Bytes added.</param>
/// <param name="DataChange">Whether it changed data.</param>
public sealed record CommitRow(
    TablePath Table, long Version, DateTimeOffset At, PipelineName? Pipeline, RunId? Run, int Partitions, int Nowhere,
    int FilesAdded, int FilesRemoved, long Rows, long Bytes, bool DataChange);

/// <summary>A run, for people.</summary>
public sealed record RunRow(
    PipelineName Pipeline, LogicalDate Date, RunId RunId, RunKind Kind, RunState State, DateTimeOffset CreatedAt, DateTimeOffset? EndedAt,
    Pin Pin, long HoldNumber, ImmutableArray<TaskRow> Tasks, long? Backfill = null);

/// <summary>A task instance, for people.</summary>
public sealed record TaskRow(string TaskId, TaskState State, int Try, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, string? Note);

/// <summary>A try of a task that has ended, for people.</summary>
public sealed record TryRow(
    PipelineName Pipeline, LogicalDate Date, RunId RunId, string TaskId, int Try, TaskState State, DateTimeOffset? StartedAt, DateTimeOffset EndedAt, string? Note);

/// <summary>A partition of a pipeline, for people.</summary>
public sealed record PartitionRow(
    PipelineName Pipeline, LogicalDate Date, bool Late, Pin? LastProcessed, RunId? LastProcessedBy,
    ImmutableSortedDictionary<TablePath, InputState> Inputs, RunId? HeldBy, long HoldNumber, string? ClaimId, int FailedClaims)
{
    /// <summary>Whether it is late and no claim covers it before a person approves.</summary>
    [JsonIgnore]
    public bool NeedsApproval => Late && FailedClaims >= PartitionState.MostFailedClaims && ClaimId is null;
}

/// <summary>What a run's creation did, for people.</summary>
public sealed record CreationRow(PipelineName Pipeline, LogicalDate Date, RunId RunId, string ClaimId, ImmutableArray<LogicalDate> Partitions, string File, DateTimeOffset At);

/// <summary>A backfill of a range, for people.</summary>
public sealed record BackfillRow(
    PipelineName Pipeline, long Number, DateRange Dates, ReprocessBehavior Behavior, bool Backwards, int MaxActive, RangeBackfillState State, RangeBackfillCounts Counts,
    DateTimeOffset CreatedAt, DateTimeOffset? EndedAt)
{
    private const long Last = 999_999_999_999;

    /// <summary>The row's key: higher numbers come first.</summary>
    public static string KeyOf(PipelineName pipeline, long number) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{pipeline}/{Last - number:D12}");
}
