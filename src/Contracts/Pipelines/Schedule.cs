using System.Diagnostics;
using System.Globalization;

namespace Latecomer.Contracts;

/// <summary>How often a pipeline runs.</summary>
public enum Schedule
{
    /// <summary>Once for each day, UTC.</summary>
    Daily,

    /// <summary>Once for each hour, UTC.</summary>
    Hourly,
}

/// <summary>The arithmetic of schedules.</summary>
public static class ScheduleArithmetic
{
    /// <summary>The length of a data interval.</summary>
    public static TimeSpan Interval(this Schedule schedule) => schedule switch
    {
        Schedule.Daily => TimeSpan.FromDays(1),
        Schedule.Hourly => TimeSpan.FromHours(1),
        _ => throw new UnreachableException(),
    };

    /// <summary>The date whose interval begins where that of <paramref name="date"/> ends.</summary>
    public static LogicalDate Next(this Schedule schedule, LogicalDate date) => new(date.Start + schedule.Interval());

    /// <summary>The date whose interval ends where that of <paramref name="date"/> begins.</summary>
    public static LogicalDate Previous(this Schedule schedule, LogicalDate date) => new(date.Start - schedule.Interval());

    /// <summary>The date <paramref name="intervals"/> after (before, if negative) <paramref name="date"/>.</summary>
    public static LogicalDate Shift(this Schedule schedule, LogicalDate date, int intervals) => new(date.Start + (schedule.Interval() * intervals));

    /// <summary>How many intervals lie between two dates; negative if <paramref name="to"/> is earlier.</summary>
    public static long Distance(this Schedule schedule, LogicalDate from, LogicalDate to) =>
        (to.Start - from.Start).Ticks / schedule.Interval().Ticks;

    /// <summary>Whether an interval of the schedule begins at <paramref name="date"/>.</summary>
    public static bool HasBoundaryAt(this Schedule schedule, LogicalDate date) => date.Start.UtcTicks % schedule.Interval().Ticks == 0;

    /// <summary>How people and files name a date: the day, or the full ISO date for what is shorter than a day.</summary>
    public static string NameOf(this Schedule schedule, LogicalDate date) => schedule == Schedule.Daily
        ? date.Start.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        : date.ToString();
}
