using System.Collections.Immutable;

namespace Latecomer.Contracts;

/// <summary>A set of dates of one schedule, kept as ranges: as small as the set is contiguous, whatever its length.</summary>
/// <param name="Ranges">Ascending, disjoint, not adjacent.</param>
public sealed record DateRanges(ImmutableArray<DateRange> Ranges)
{
    /// <summary>No dates.</summary>
    public static DateRanges Empty { get; } = new([]);

    /// <summary>Whether there is no date in it.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsEmpty => Ranges.IsEmpty;

    /// <summary>Whether a date is in it.</summary>
    public bool Contains(LogicalDate date) => Ranges.Any(r => r.Contains(date));

    /// <summary>The set with a date more.</summary>
    public DateRanges Add(LogicalDate date, Schedule schedule) => Add(new DateRange(date, date), schedule);

    /// <summary>The set with a range more.</summary>
    public DateRanges Add(DateRange added, Schedule schedule)
    {
        var (from, to) = (added.From, added.To);
        var kept = ImmutableArray.CreateBuilder<DateRange>(Ranges.Length + 1);
        foreach (var range in Ranges)
        {
            if (schedule.Next(range.To) < from || schedule.Next(to) < range.From)
            {
                kept.Add(range);
                continue;
            }

            from = range.From < from ? range.From : from;
            to = range.To > to ? range.To : to;
        }

        kept.Add(new DateRange(from, to));
        kept.Sort((a, b) => a.From.CompareTo(b.From));
        return new DateRanges(kept.ToImmutable());
    }

    /// <summary>The set without a date.</summary>
    public DateRanges Remove(LogicalDate date, Schedule schedule) => Remove(new DateRange(date, date), schedule);

    /// <summary>The set without a range.</summary>
    public DateRanges Remove(DateRange removed, Schedule schedule)
    {
        var kept = ImmutableArray.CreateBuilder<DateRange>(Ranges.Length + 1);
        foreach (var range in Ranges)
        {
            if (range.To < removed.From || range.From > removed.To)
            {
                kept.Add(range);
                continue;
            }

            if (range.From < removed.From)
            {
                kept.Add(range with { To = schedule.Previous(removed.From) });
            }

            if (range.To > removed.To)
            {
                kept.Add(range with { From = schedule.Next(removed.To) });
            }
        }

        return new DateRanges(kept.ToImmutable());
    }

    /// <summary>The dates of the set, ascending.</summary>
    public IEnumerable<LogicalDate> Dates(Schedule schedule) => Ranges.SelectMany(r => r.Dates(schedule));

    /// <summary>Equal when the ranges are.</summary>
    public bool Equals(DateRanges? other) => other is not null && Ranges.SequenceEqual(other.Ranges);

    /// <inheritdoc/>
    public override int GetHashCode() => Ranges.Aggregate(0, HashCode.Combine);
}

/// <summary>The dates from one to another, both included.</summary>
public readonly record struct DateRange(LogicalDate From, LogicalDate To)
{
    /// <summary>Whether a date is in it.</summary>
    public bool Contains(LogicalDate date) => From <= date && date <= To;

    /// <summary>Its dates, ascending.</summary>
    public IEnumerable<LogicalDate> Dates(Schedule schedule)
    {
        for (var date = From; date <= To; date = schedule.Next(date))
        {
            yield return date;
        }
    }
}
