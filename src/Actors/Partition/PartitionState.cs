using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Latecomer.Contracts;

namespace Latecomer.Actors;

/// <summary>One partition of one pipeline, with the runs of its date.</summary>
/// <param name="Definition">The pipeline as last told; null before the first run.</param>
/// <param name="Inputs">What is known of the inputs, by table.</param>
/// <param name="LastProcessed">The pin that was processed last; null if none was.</param>
/// <param name="LastProcessedBy">The run that did; null also where something else did, before the pipeline was here.</param>
/// <param name="Hold">Whose the partition is now.</param>
/// <param name="HoldNumber">The number of the last hold; it only grows.</param>
/// <param name="Section">The run that marks, works or is about to; the others wait for it.</param>
/// <param name="SectionQueue">The runs that wait for the section, in order.</param>
/// <param name="Runs">The open runs, the scheduled one and a few that ended, in order of creation.</param>
/// <param name="Claim">The live claim; null if there is none.</param>
/// <param name="FailedClaims">How many claims in a row ended unsuccessfully.</param>
/// <param name="Awaiting">Runs whose sensor waits for data here.</param>
/// <param name="ReportedLate">Whether the backfill singleton was told last that the partition is late.</param>
/// <param name="Dismissed">What a person said needs no run, after what was processed last; null if nobody did.</param>
/// <param name="Creations">What runs of something else asked to be created for the date; null if none ever did.</param>
/// <param name="Generation">How often the pipeline had been deleted when the date last forgot: answers to runs of before are no answers to those of now.</param>
public sealed record PartitionState(
    PipelineDefinition? Definition,
    ImmutableSortedDictionary<TablePath, InputState> Inputs,
    Pin? LastProcessed,
    RunId? LastProcessedBy,
    Hold? Hold,
    long HoldNumber,
    RunId? Section,
    ImmutableList<RunId> SectionQueue,
    ImmutableList<DagRun> Runs,
    Claim? Claim,
    int FailedClaims,
    ImmutableList<DataWaiter> Awaiting,
    bool ReportedLate,
    Pin? Dismissed = null,
    ExternalCreations? Creations = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long Generation = 0)
{
    /// <summary>How many ended runs are remembered, so that they can be cleared.</summary>
    public const int EndedRunsKept = 8;

    /// <summary>How many runs of one date may be open.</summary>
    public const int MostOpenRuns = 16;

    /// <summary>After so many failed claims a person has to approve.</summary>
    public const int MostFailedClaims = 3;

    private const long StepsOfGeneration = 1L << 40;

    /// <summary>A partition that nobody told anything.</summary>
    public static PartitionState Empty { get; } = new(
        Definition: null, ImmutableSortedDictionary<TablePath, InputState>.Empty, LastProcessed: null, LastProcessedBy: null,
        Hold: null, HoldNumber: 0, Section: null, [], [], Claim: null, FailedClaims: 0, [], ReportedLate: false);

    /// <summary>The step after which those of this generation come: they are never those of an earlier one.</summary>
    [JsonIgnore]
    public long StepsBefore => Generation * StepsOfGeneration;

    /// <summary>Whether nothing is known of the date.</summary>
    [JsonIgnore]
    public bool IsBlank => Definition is null && Inputs.IsEmpty && Runs.IsEmpty && Awaiting.IsEmpty && Claim is null && LastProcessed is null;

    /// <summary>Processed, and changed on some input table after the last processed pin, and after what a person dismissed.</summary>
    [JsonIgnore]
    public bool IsLate => LastProcessed is { } pin
        && Inputs.Any(i => i.Value.IsChangedAfter(i.Key, pin) && (Dismissed is null || i.Value.IsChangedAfter(i.Key, Dismissed)));

    /// <summary>Rows that came after the last processed pin, as far as known.</summary>
    [JsonIgnore]
    public long LateRows => Inputs.Values.Sum(i => i.RowsSinceProcessed);

    /// <summary>The runs that have not ended.</summary>
    [JsonIgnore]
    public IEnumerable<DagRun> OpenRuns => Runs.Where(r => r.IsOpen);

    /// <summary>A run by its id.</summary>
    public DagRun? Find(RunId run) => Runs.Find(r => r.RunId == run);

    /// <summary>The state with a run changed.</summary>
    public PartitionState With(RunId run, Func<DagRun, DagRun> change)
    {
        var at = Runs.FindIndex(r => r.RunId == run);
        return this with { Runs = Runs.SetItem(at, change(Runs[at])) };
    }
}

/// <summary>What is known of an input table, as far as it concerns this date.</summary>
/// <param name="ActiveFiles">Files in the date's own partition of the table.</param>
/// <param name="LastChange">The last data change that affects the date.</param>
/// <param name="Unprocessed">The rows that such changes brought after the last processed pin, by version, ascending; the oldest are kept together
/// when there are many.</param>
public sealed record InputState(int ActiveFiles, InputChange? LastChange, ImmutableArray<VersionRows> Unprocessed)
{
    /// <summary>How many versions' rows are told apart.</summary>
    public const int VersionsKept = 64;

    /// <summary>Nothing is known.</summary>
    public static InputState Empty { get; } = new(0, LastChange: null, []);

    /// <summary>Rows that came after the last processed pin.</summary>
    [JsonIgnore]
    public long RowsSinceProcessed => Unprocessed.Sum(u => u.Rows);

    /// <summary>Whether the last change is not part of a pin.</summary>
    public bool IsChangedAfter(TablePath table, Pin pin) => LastChange is { } change && !pin.Covers(table, change.TableId, change.Version);

    /// <summary>With the rows of a change that is not processed.</summary>
    public InputState WithRows(long version, long rows)
    {
        var all = Unprocessed.Add(new VersionRows(version, rows));
        return this with
        {
            Unprocessed = all.Length <= VersionsKept ? all : all.RemoveAt(0).SetItem(0, new VersionRows(all[1].Version, all[0].Rows + all[1].Rows)),
        };
    }

    /// <summary>Without the rows of what a pin covers.</summary>
    public InputState WithoutRows(TablePath table, Pin processed) => LastChange is { } last
        ? this with { Unprocessed = Unprocessed.RemoveAll(u => processed.Covers(table, last.TableId, u.Version)) }
        : this;
}

/// <summary>Rows that a version brought.</summary>
public readonly record struct VersionRows(long Version, long Rows);

/// <summary>A data change of an input.</summary>
public sealed record InputChange(string TableId, long Version, DateTimeOffset At, long Rows, long Bytes);

/// <summary>A run's exclusive right to the partition.</summary>
/// <param name="Run">Whose.</param>
/// <param name="MarkTry">The try of the mark that took it.</param>
/// <param name="Number">Larger than that of every hold before.</param>
public sealed record Hold(RunId Run, int MarkTry, long Number);

/// <summary>The backfill singleton's reservation.</summary>
/// <param name="Id">Its id.</param>
/// <param name="CreatedBy">The run whose creation made it.</param>
/// <param name="Run">The run that it triggered, or that marked under it; null until then.</param>
/// <param name="For">The date whose run created it, if something else runs that one: then any run that marks takes the claim. Null for claims of ours.</param>
public sealed record Claim(string Id, RunId CreatedBy, RunId? Run, LogicalDate? For = null);

/// <summary>A run of the date before, whose sensor waits for data of a table here.</summary>
public sealed record DataWaiter(TablePath Table, LogicalDate Date, RunId Run, long Step);
