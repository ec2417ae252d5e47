using System.Collections.Immutable;

namespace Latecomer.Contracts;

/// <summary>A pipeline as its user wrote it: data, checked when it is made.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Inputs">The tables that it reads, at least one. The first is the one whose partitions name the dates: its next partition is waited for.</param>
/// <param name="Schedule">How often it runs.</param>
/// <param name="Start">The first date.</param>
/// <param name="End">The last date; null for no end.</param>
/// <param name="MaxActiveRuns">How many runs hold a slot at a time.</param>
/// <param name="MaxActiveBackfills">How many of them may be backfills.</param>
/// <param name="Retries">How often a failed task is tried again.</param>
/// <param name="RetryDelay">How long after its failure.</param>
/// <param name="Work">What it does.</param>
/// <param name="ConfigurationFolder">Where its backfilling configuration files go, relative to the dataset folder; <c>.</c> for that folder itself. It belongs to this pipeline alone.</param>
/// <param name="Lookback">How many intervals back from the creating run's date late partitions are collected; null for all.</param>
/// <param name="MinRows">With fewer late rows than this a late partition is not collected.</param>
public sealed record PipelineDefinition(
    PipelineName Name,
    ImmutableArray<PipelineInput> Inputs,
    Schedule Schedule,
    LogicalDate Start,
    LogicalDate? End,
    int MaxActiveRuns,
    int MaxActiveBackfills,
    int Retries,
    TimeSpan RetryDelay,
    Work Work,
    string ConfigurationFolder,
    int? Lookback = null,
    long MinRows = 0)
{
    /// <summary>The input whose partitions name the dates.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public PipelineInput Primary => Inputs[0];

    /// <summary>Whether a scheduled run exists for a date, sooner or later.</summary>
    public bool Covers(LogicalDate date) => date >= Start && !(date > End) && Schedule.HasBoundaryAt(date);

    /// <summary>The date before, on which past-dependence looks; null for the first.</summary>
    public LogicalDate? PredecessorOf(LogicalDate date) => date > Start ? Schedule.Previous(date) : null;

    /// <summary>What is wrong with it, in sentences for people; empty if nothing is.</summary>
    public IEnumerable<string> Faults()
    {
        if (Inputs.IsDefaultOrEmpty)
        {
            yield return "A pipeline reads at least one table.";
            yield break;
        }

        if (!Schedule.HasBoundaryAt(Start) || (End is { } end && !Schedule.HasBoundaryAt(end)))
        {
            yield return $"'start' and 'end' lie on the schedule: an {Schedule.ToString().ToLowerInvariant()} pipeline has no run that begins at {Start}.";
        }

        if (End < Start)
        {
            yield return $"'end' ({End}) lies before 'start' ({Start}).";
        }

        foreach (var fault in NumberFaults().Concat(InputFaults()))
        {
            yield return fault;
        }
    }

    /// <summary>Equal when all its parts are.</summary>
    public bool Equals(PipelineDefinition? other) =>
        other is not null && System.Text.Json.JsonSerializer.Serialize(this) == System.Text.Json.JsonSerializer.Serialize(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode();

    private IEnumerable<string> NumberFaults()
    {
        if (MaxActiveRuns is < 1 or > 1000)
        {
            yield return $"'maxActiveRuns' is from 1 to 1000, not {MaxActiveRuns}.";
        }

        if (MaxActiveBackfills < 1 || MaxActiveBackfills > MaxActiveRuns)
        {
            yield return $"'maxActiveBackfills' is from 1 to 'maxActiveRuns' ({MaxActiveRuns}), not {MaxActiveBackfills}.";
        }

        if (Retries is < 0 or > 100)
        {
            yield return $"'retries' is from 0 to 100, not {Retries}.";
        }

        if (RetryDelay < TimeSpan.Zero || RetryDelay > TimeSpan.FromDays(7))
        {
            yield return $"'retryDelay' is from nothing to seven days, not {RetryDelay}.";
        }

        if (Lookback < 1)
        {
            yield return $"'lookback' is at least one interval, not {Lookback}.";
        }
    }

    private IEnumerable<string> InputFaults()
    {
        if (Inputs.Select(i => i.Table).Distinct().Count() != Inputs.Length)
        {
            yield return "Each input table is named once.";
        }

        foreach (var input in Inputs)
        {
            if (input.From > input.To || input.From < -366 || input.To > 366)
            {
                yield return $"The window of {input.Table} goes from an interval to a later one, at most 366 away, not from {input.From} to {input.To}.";
            }

            if (input.DateOf(input.ValueOf(Start)) != Start || input.DateOf(input.ValueOf(Schedule.Next(Start))) != Schedule.Next(Start))
            {
                yield return $"The format '{input.Format}' of {input.Table} does not tell the dates of an {Schedule.ToString().ToLowerInvariant()} pipeline apart.";
            }
        }
    }
}
