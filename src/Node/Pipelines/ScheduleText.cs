using System.Diagnostics;
using System.Globalization;
using Latecomer.Contracts;

namespace Latecomer.Node.Pipelines;

/// <summary>Schedules and lengths of time as people write them.</summary>
internal static class ScheduleText
{
    /// <summary>A schedule's text, as in Airflow.</summary>
    public static string Of(Schedule schedule) => schedule switch
    {
        Schedule.Daily => "@daily",
        Schedule.Hourly => "@hourly",
        _ => throw new UnreachableException(),
    };

    /// <summary>Reads a schedule.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static Schedule ParseSchedule(string text) => text switch
    {
        "@daily" => Schedule.Daily,
        "@hourly" => Schedule.Hourly,
        _ => throw new FormatException($"'{text}' is no schedule: write \"@daily\" or \"@hourly\"."),
    };

    /// <summary>Reads a length of time: a whole number and its unit, <c>s</c>, <c>m</c>, <c>h</c> or <c>d</c>; 0 needs none.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static TimeSpan ParseLength(string text)
    {
        if (text == "0")
        {
            return TimeSpan.Zero;
        }

        var unit = text.Length > 1 ? UnitOf(text[^1]) : null;
        return unit is { } known && int.TryParse(text.AsSpan(..^1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count)
            ? known * count
            : throw new FormatException($"'{text}' is no length of time: write a whole number and s, m, h or d, such as 90s or 1m.");
    }

    /// <summary>Reads a length of time as intervals of a schedule.</summary>
    /// <exception cref="FormatException">It is none, or no whole number of intervals.</exception>
    public static int ParseIntervals(string text, Schedule schedule)
    {
        var length = ParseLength(text);
        var intervals = Math.DivRem(length.Ticks, schedule.Interval().Ticks, out var rest);
        return rest == 0 && intervals is >= int.MinValue and <= int.MaxValue
            ? (int)intervals
            : throw new FormatException($"'{text}' is no whole number of intervals of {Of(schedule)}.");
    }

    private static TimeSpan? UnitOf(char unit) => unit switch
    {
        's' => TimeSpan.FromSeconds(1),
        'm' => TimeSpan.FromMinutes(1),
        'h' => TimeSpan.FromHours(1),
        'd' => TimeSpan.FromDays(1),
        _ => null,
    };
}
