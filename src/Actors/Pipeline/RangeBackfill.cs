using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Actors;

/// <summary>A backfill of a range of dates that has not ended. Its size does not follow the range: a bit for each date, counters, and the few runs that are open.</summary>
/// <param name="Number">Its number among the pipeline's.</param>
/// <param name="Request">Who asked for it, until they are answered.</param>
/// <param name="DryRun">Whether the plan is all that is wanted.</param>
/// <param name="At">When it was made: part of its runs' ids.</param>
/// <param name="Dates">The range.</param>
/// <param name="Behavior">Which dates that have had runs it runs again.</param>
/// <param name="Backwards">Whether the last date comes first.</param>
/// <param name="MaxActive">How many of its runs are open at a time.</param>
/// <param name="State">How it stands.</param>
/// <param name="Next">The next date to be asked, or to get its run; null when all were, or did.</param>
/// <param name="Unanswered">How many dates were asked and have not answered.</param>
/// <param name="Wanted">The dates that are to get a run, a bit for each of the range.</param>
/// <param name="Open">The dates whose runs were asked for and have not ended.</param>
/// <param name="Counts">How far it is.</param>
/// <param name="Cancels">Who waits for its end.</param>
public sealed record RangeBackfill(
    long Number, RequestId? Request, bool DryRun, DateTimeOffset At, DateRange Dates, ReprocessBehavior Behavior, bool Backwards, int MaxActive,
    RangeBackfillState State, LogicalDate? Next, int Unanswered, byte[] Wanted, ImmutableSortedSet<LogicalDate> Open, RangeBackfillCounts Counts,
    ImmutableArray<RequestId> Cancels)
{
    /// <summary>How many dates a range may hold.</summary>
    public const int MostDates = 10_000;

    /// <summary>How many of its runs may be open at a time, whatever the pipeline allows.</summary>
    public const int MostOpen = 100;

    /// <summary>Whether it is to make runs now.</summary>
    [JsonIgnore]
    public bool MakesRuns => State == RangeBackfillState.Running && Next is not null && Open.Count < MaxActive;

    /// <summary>Whether nothing is left to do.</summary>
    [JsonIgnore]
    public bool IsOver => Open.IsEmpty && (State == RangeBackfillState.Cancelling || (State == RangeBackfillState.Running && Next is null));

    /// <summary>The run that it makes for a date.</summary>
    public RunId RunOf(LogicalDate date, Schedule schedule) => RunId.Backfill(date, Dates.From, At, schedule);

    /// <summary>The dates that are to get a run, in their order.</summary>
    public IEnumerable<LogicalDate> InOrder(Schedule schedule)
    {
        var wanted = Dates.Dates(schedule).Where((_, i) => IsSet(i));
        return Backwards ? wanted.Reverse() : wanted;
    }

    /// <summary>The date after one, of those that are to get a run; null after the last.</summary>
    public LogicalDate? After(LogicalDate date, Schedule schedule)
    {
        var step = Backwards ? -1 : 1;
        for (var i = (int)schedule.Distance(Dates.From, date) + step; i >= 0 && i < Wanted.Length * 8; i += step)
        {
            if (IsSet(i))
            {
                return schedule.Shift(Dates.From, i);
            }
        }

        return null;
    }

    /// <summary>With the answer of a date.</summary>
    public RangeBackfill With(LogicalDate date, bool wanted, Schedule schedule)
    {
        var bits = (byte[])Wanted.Clone();
        var i = (int)schedule.Distance(Dates.From, date);
        bits[i / 8] |= (byte)(wanted ? 1 << (i % 8) : 0);
        var counts = wanted ? Counts with { Planned = Counts.Planned + 1 } : Counts with { Skipped = Counts.Skipped + 1 };
        return this with { Wanted = bits, Unanswered = Unanswered - 1, Counts = counts };
    }

    private bool IsSet(int i) => (Wanted[i / 8] & (1 << (i % 8))) != 0;
}

/// <summary>How far a backfill of a range is.</summary>
/// <param name="Planned">How many runs it makes in all.</param>
/// <param name="Created">How many it has made.</param>
/// <param name="Succeeded">How many of those succeeded.</param>
/// <param name="Failed">How many failed or were cancelled.</param>
/// <param name="Skipped">How many dates of the range it passed over.</param>
public sealed record RangeBackfillCounts(int Planned, int Created, int Succeeded, int Failed, int Skipped)
{
    /// <summary>Nothing is known.</summary>
    public static RangeBackfillCounts None { get; } = new(0, 0, 0, 0, 0);

    /// <summary>With one more run that ended, or one less.</summary>
    public RangeBackfillCounts WithEnd(bool succeeded, int by) => succeeded ? this with { Succeeded = Succeeded + by } : this with { Failed = Failed + by };
}
