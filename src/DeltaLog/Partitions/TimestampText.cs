using System.Globalization;
using System.Text.RegularExpressions;

namespace Latecomer.DeltaLog;

/// <summary>Dates and timestamps as partition values write them: <c>2024-01-02</c>, <c>2024-01-02 03:04:05.678</c> and <c>2024-01-02T03:04:05.678000Z</c>.
/// A timestamp without a zone was written in its writer's, which nothing tells; it is taken for UTC. Years beyond 0 to 9999 have a sign.</summary>
internal static class TimestampText
{
    private const long MicrosPerSecond = 1_000_000;
    private const long SecondsPerDay = 86_400;
    private const int FractionDigits = 6;
    private const int LongestYear = 6;

    private const RegexOptions Options = RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.Compiled;
    private const string Day = "(?<year>[+-]?[0-9]{4,})-(?<month>[0-9]{1,2})-(?<day>[0-9]{1,2})";
    private const string Time = @"(?<hour>[0-9]{1,2}):(?<minute>[0-9]{1,2}):(?<second>[0-9]{1,2})(\.(?<fraction>[0-9]{1,9}))?";
    private const string Zone = "(?<zone>Z|(?<sign>[+-])(?<ahead>[0-9]{1,2})(:?(?<minutes>[0-9]{2}))?)?";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly Regex DatePattern = new($@"\A{Day}\z", Options, Patience);
    private static readonly Regex TimestampPattern = new($@"\A{Day}[ T]{Time}{Zone}\z", Options, Patience);

    /// <summary>Days since 1970-01-01; null when it is no date.</summary>
    internal static int? TryDate(string text) => DatePattern.Match(text) is { Success: true } date ? DaysOf(date) : null;

    /// <summary>Microseconds since 1970-01-01T00:00:00; null when it is no timestamp. <paramref name="hasZone"/>: a zone may stand in it.</summary>
    internal static long? TryTimestamp(string text, bool hasZone)
    {
        var match = TimestampPattern.Match(text);
        if (!match.Success || DaysOf(match) is not { } days || (match.Groups["zone"].Success && !hasZone))
        {
            return null;
        }

        var (hour, minute, second) = (Number(match, "hour"), Number(match, "minute"), Number(match, "second"));
        var fraction = match.Groups["fraction"].Value;
        if (hour > 23 || minute > 59 || second > 59 || OffsetOf(match) is not { } offset || fraction.AsSpan(Math.Min(fraction.Length, FractionDigits)).ContainsAnyExcept('0'))
        {
            return null;
        }

        var micros = fraction.Length == 0 ? 0 : long.Parse(fraction.PadRight(FractionDigits, '0')[..FractionDigits], CultureInfo.InvariantCulture);
        var whole = (Int128)((days * SecondsPerDay) + (hour * 3600) + (minute * 60) + second - offset) * MicrosPerSecond;
        return whole + micros is var sum && sum >= long.MinValue && sum <= long.MaxValue ? (long)sum : null;
    }

    private static int? DaysOf(Match match)
    {
        var digits = match.Groups["year"].Value;
        if (digits.TrimStart('+', '-').Length is var length && (length > LongestYear || (length > 4 && char.IsAsciiDigit(digits[0]))))
        {
            return null;
        }

        var (year, month, day) = (int.Parse(digits, CultureInfo.InvariantCulture), Number(match, "month"), Number(match, "day"));

        // Any year of the same kind has the same months; the calendar here knows 1 to 9999.
        var like = ((year % 400) + 400) % 400;
        return month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(like + 400, month) ? Days(year, month, day) : null;
    }

    /// <summary>From a civil date to days: eras of 400 years that begin on a first of March, so that leap days come last.</summary>
    private static int Days(int year, int month, int day)
    {
        const int daysPerEra = 146_097;
        const int daysToEpoch = 719_468;
        var marchYear = month <= 2 ? year - 1 : year;
        var era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400;
        var yearOfEra = marchYear - (era * 400);
        var monthFromMarch = month > 2 ? month - 3 : month + 9;
        var dayOfEra = (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + (((153 * monthFromMarch) + 2) / 5) + day - 1;
        return (era * daysPerEra) + dayOfEra - daysToEpoch;
    }

    /// <summary>Seconds that the zone is ahead of UTC; null when it makes no sense.</summary>
    private static int? OffsetOf(Match match)
    {
        if (!match.Groups["sign"].Success)
        {
            return 0;
        }

        var (hours, minutes) = (Number(match, "ahead"), match.Groups["minutes"].Success ? Number(match, "minutes") : 0);
        var seconds = (hours * 3600) + (minutes * 60);
        return hours > 18 || minutes > 59 ? null : match.Groups["sign"].Value == "-" ? -seconds : seconds;
    }

    private static int Number(Match match, string part) => int.Parse(match.Groups[part].Value, CultureInfo.InvariantCulture);
}
