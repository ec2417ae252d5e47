using System.Collections.Immutable;
using Latecomer.Contracts;

namespace Latecomer.Actors;

/// <summary>Which dates of a schedule have done something that must follow the order of dates, over clears. What a run says counts only if the last clear of
/// its date has reached it: before that it speaks of the past.</summary>
/// <param name="Done">The dates that have.</param>
/// <param name="Resets">The clears that have not been caught up with yet.</param>
public sealed record DateOrder(DateRanges Done, ImmutableList<OrderReset> Resets)
{
    /// <summary>None has.</summary>
    public static DateOrder Empty { get; } = new(DateRanges.Empty, []);

    /// <summary>Whether a date has.</summary>
    public bool IsDone(LogicalDate date) => Done.Contains(date);

    /// <summary>The number of the last clear that a date's run must have seen before its word counts; 0 for none.</summary>
    public long RequiredClear(LogicalDate date) => Resets.Where(r => r.Dates.Contains(date)).Select(r => r.Number).DefaultIfEmpty(0).Max();

    /// <summary>The order with a date done. Its clears are caught up with: whatever its partition sent before has arrived, for messages of a pair keep
    /// their order.</summary>
    public DateOrder Complete(LogicalDate date, Schedule schedule) => new(
        Done.Add(date, schedule),
        [.. Resets.Select(r => r with { Dates = r.Dates.Remove(date, schedule) }).Where(r => !r.Dates.IsEmpty)]);

    /// <summary>The order with dates done that no run of ours has: nothing of them was ever cleared.</summary>
    public DateOrder Complete(DateRange dates, Schedule schedule) => this with { Done = Done.Add(dates, schedule) };

    /// <summary>The order with these dates not done.</summary>
    public DateOrder Reset(DateRange dates, long number, Schedule schedule) => new(
        Done.Remove(dates, schedule),
        [
            .. Resets.Select(r => r with { Dates = r.Dates.Remove(dates, schedule) }).Where(r => !r.Dates.IsEmpty),
            new OrderReset(DateRanges.Empty.Add(dates, schedule), number),
        ]);
}

/// <summary>Dates that a clear put back.</summary>
public sealed record OrderReset(DateRanges Dates, long Number);
