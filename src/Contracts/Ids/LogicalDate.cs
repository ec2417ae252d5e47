using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Latecomer.Contracts;

/// <summary>The start of the data interval that a run is for, UTC, whole seconds. Written in ISO 8601, <c>2024-01-02T00:00:00Z</c>; a date alone
/// means its midnight. "Execution date" is its alias for people.</summary>
public readonly record struct LogicalDate : IParsable<LogicalDate>, IComparable<LogicalDate>
{
    private const string Iso = "yyyy-MM-dd'T'HH:mm:ss'Z'";
    private static readonly string[] Forms = ["yyyy-MM-dd", Iso, "yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'"];
    private readonly DateTime _utc;

    /// <summary>The date that starts at <paramref name="start"/>.</summary>
    /// <exception cref="ArgumentException">It has a fraction of a second.</exception>
    public LogicalDate(DateTimeOffset start)
    {
        if (start.UtcTicks % TimeSpan.TicksPerSecond != 0)
        {
            throw new ArgumentException($"A logical date has whole seconds: {start:O}.", nameof(start));
        }

        _utc = start.UtcDateTime;
    }

    /// <summary>When the interval starts.</summary>
    public DateTimeOffset Start => new(DateTime.SpecifyKind(_utc, DateTimeKind.Utc));

    /// <inheritdoc/>
    public static LogicalDate Parse(string s, IFormatProvider? provider = null) => TryParse(s, provider, out var date)
        ? date
        : throw new FormatException($"'{s}' is no execution date: write a day as yyyy-mm-dd, an hour as yyyy-mm-ddThh:00:00Z.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out LogicalDate result)
    {
        const DateTimeStyles utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        var valid = DateTimeOffset.TryParseExact(s, Forms, CultureInfo.InvariantCulture, utc, out var start)
            && start.UtcTicks % TimeSpan.TicksPerSecond == 0;
        result = valid ? new LogicalDate(start) : default;
        return valid;
    }

    /// <summary>Whether the left date is earlier.</summary>
    public static bool operator <(LogicalDate left, LogicalDate right) => left._utc < right._utc;

    /// <summary>Whether the left date is later.</summary>
    public static bool operator >(LogicalDate left, LogicalDate right) => left._utc > right._utc;

    /// <summary>Whether the left date is not later.</summary>
    public static bool operator <=(LogicalDate left, LogicalDate right) => left._utc <= right._utc;

    /// <summary>Whether the left date is not earlier.</summary>
    public static bool operator >=(LogicalDate left, LogicalDate right) => left._utc >= right._utc;

    /// <inheritdoc/>
    public int CompareTo(LogicalDate other) => _utc.CompareTo(other._utc);

    /// <inheritdoc/>
    public override string ToString() => _utc.ToString(Iso, CultureInfo.InvariantCulture);
}
