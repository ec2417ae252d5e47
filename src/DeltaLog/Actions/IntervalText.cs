using System.Globalization;

namespace Latecomer.DeltaLog;

/// <summary>Intervals as Spark writes them in properties: <c>interval 1 week</c>, <c>interval 2 days 12 hours</c>.</summary>
internal static class IntervalText
{
    /// <summary>The interval; null when it is none, or one of months and years, whose length is not known.</summary>
    internal static TimeSpan? TryParse(string text)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).AsSpan();
        if (words.Length > 0 && string.Equals(words[0], "interval", StringComparison.OrdinalIgnoreCase))
        {
            words = words[1..];
        }

        if (words.IsEmpty || words.Length % 2 != 0)
        {
            return null;
        }

        var ticks = 0.0;
        for (; !words.IsEmpty; words = words[2..])
        {
            if (!long.TryParse(words[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count) || Unit(words[1]) is not { } unit)
            {
                return null;
            }

            ticks += count * (double)unit;
        }

        return Math.Abs(ticks) < TimeSpan.MaxValue.Ticks / 100.0 ? TimeSpan.FromTicks((long)ticks) : null;
    }

    private static long? Unit(string name) => name.ToUpperInvariant().TrimEnd('S') switch
    {
        "WEEK" => 7 * TimeSpan.TicksPerDay,
        "DAY" => TimeSpan.TicksPerDay,
        "HOUR" => TimeSpan.TicksPerHour,
        "MINUTE" => TimeSpan.TicksPerMinute,
        "SECOND" => TimeSpan.TicksPerSecond,
        "MILLISECOND" => TimeSpan.TicksPerMillisecond,
        "MICROSECOND" => TimeSpan.TicksPerMicrosecond,
        _ => null,
    };
}
