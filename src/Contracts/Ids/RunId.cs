using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Latecomer.Contracts;

/// <summary>Names a run of a pipeline, as Airflow does: <c>scheduled__&lt;iso&gt;</c>, <c>manual__&lt;iso&gt;</c>,
/// <c>backfill_&lt;date&gt;_from_&lt;date&gt;_&lt;iso&gt;</c>. 1 to 200 characters without spaces and slashes.</summary>
public readonly record struct RunId : IParsable<RunId>
{
    private const string Instant = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
    private readonly string? _value;

    private RunId(string value) => _value = value;

    /// <summary>The id's text.</summary>
    public string Value => _value ?? throw new InvalidOperationException("A RunId was used before it was set.");

    /// <summary>The run that the schedule makes for a date.</summary>
    public static RunId Scheduled(LogicalDate date) => new($"scheduled__{date}");

    /// <summary>A run that a person asked for.</summary>
    public static RunId Manual(DateTimeOffset at) => new($"manual__{Text(at)}");

    /// <summary>A run that processes a late partition again.</summary>
    /// <param name="date">The late partition's date.</param>
    /// <param name="from">The date of the run that found it late.</param>
    /// <param name="at">When it was claimed.</param>
    /// <param name="schedule">Says how dates are named.</param>
    public static RunId Backfill(LogicalDate date, LogicalDate from, DateTimeOffset at, Schedule schedule) =>
        new($"backfill_{schedule.NameOf(date)}_from_{schedule.NameOf(from)}_{Text(at)}");

    /// <inheritdoc/>
    public static RunId Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"'{s}' is no run id.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out RunId result)
    {
        var valid = s is { Length: > 0 and <= 200 } && !s.Any(c => c is '/' or '\\' || char.IsWhiteSpace(c) || char.IsControl(c));
        result = valid ? new RunId(s!) : default;
        return valid;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString(Instant, CultureInfo.InvariantCulture);
}
