using System.Globalization;
using System.Text.Json;

namespace Latecomer.Parquet.Rows;

/// <summary>Dates, times and timestamps as ISO 8601, in the proleptic Gregorian calendar; years beyond 0 to 9999 have a sign and six
/// digits or more. Times have six digits of a second, nanoseconds nine.</summary>
internal static class TimeText
{
    private const long SecondsPerDay = 86_400;

    /// <summary>More than the longest: a year of thirteen digits, and all the rest.</summary>
    private const int MaxBytes = 64;

    public static void WriteDate(Utf8JsonWriter json, long epochDay)
    {
        Span<byte> text = stackalloc byte[MaxBytes];
        json.WriteStringValue(text[..Date(text, epochDay)]);
    }

    public static void WriteTime(Utf8JsonWriter json, long ticks, TimestampUnit unit)
    {
        Span<byte> text = stackalloc byte[MaxBytes];
        json.WriteStringValue(text[..Time(text, ticks, PerSecond(unit), Digits(unit))]);
    }

    public static void WriteTimestamp(Utf8JsonWriter json, long ticks, ColumnType.Timestamp type)
    {
        var perDay = PerSecond(type.Unit) * SecondsPerDay;
        var (day, rest) = FloorDivide(ticks, perDay);
        WriteTimestamp(json, day, rest, type.Unit, type.AdjustedToUtc);
    }

    public static void WriteTimestamp(Utf8JsonWriter json, Int96 value)
    {
        var (days, rest) = FloorDivide(value.NanosOfDay, PerSecond(TimestampUnit.Nanos) * SecondsPerDay);
        WriteTimestamp(json, value.EpochDay + days, rest, TimestampUnit.Nanos, isUtc: true);
    }

    private static void WriteTimestamp(Utf8JsonWriter json, long epochDay, long ticksOfDay, TimestampUnit unit, bool isUtc)
    {
        Span<byte> text = stackalloc byte[MaxBytes];
        var length = Date(text, epochDay);
        text[length++] = (byte)'T';
        length += Time(text[length..], ticksOfDay, PerSecond(unit), Digits(unit));
        if (isUtc)
        {
            text[length++] = (byte)'Z';
        }

        json.WriteStringValue(text[..length]);
    }

    private static long PerSecond(TimestampUnit unit) => unit switch
    {
        TimestampUnit.Millis => 1_000,
        TimestampUnit.Micros => 1_000_000,
        _ => 1_000_000_000,
    };

    private static int Digits(TimestampUnit unit) => unit == TimestampUnit.Nanos ? 9 : 6;

    private static (long Quotient, long Remainder) FloorDivide(long value, long divisor)
    {
        var (quotient, rest) = Math.DivRem(value, divisor);
        return rest < 0 ? (quotient - 1, rest + divisor) : (quotient, rest);
    }

    /// <summary>From days to a civil date: eras of 400 years that begin on a first of March, so that leap days come last.</summary>
    private static int Date(Span<byte> text, long epochDay)
    {
        var (era, dayOfEra) = FloorDivide(epochDay + 719_468, 146_097);
        var yearOfEra = (dayOfEra - (dayOfEra / 1_460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        var dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        var monthFromMarch = ((5 * dayOfYear) + 2) / 153;
        var day = dayOfYear - (((153 * monthFromMarch) + 2) / 5) + 1;
        var month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
        var year = yearOfEra + (era * 400) + (month <= 2 ? 1 : 0);

        var length = 0;
        if (year is < 0 or > 9_999)
        {
            text[length++] = year < 0 ? (byte)'-' : (byte)'+';
            length += Number(text[length..], Math.Abs(year), "D6");
        }
        else
        {
            length += Number(text, year, "D4");
        }

        text[length++] = (byte)'-';
        length += Number(text[length..], month, "D2");
        text[length++] = (byte)'-';
        return length + Number(text[length..], day, "D2");
    }

    private static int Time(Span<byte> text, long ticks, long perSecond, int digits)
    {
        var length = 0;
        if (ticks < 0)
        {
            // No time of day, but something that a file may hold.
            text[length++] = (byte)'-';
        }

        var (seconds, rest) = Math.DivRem(ticks, perSecond);
        (seconds, rest) = (Math.Abs(seconds), Math.Abs(rest));
        length += Number(text[length..], seconds / 3_600, "D2");
        text[length++] = (byte)':';
        length += Number(text[length..], seconds / 60 % 60, "D2");
        text[length++] = (byte)':';
        length += Number(text[length..], seconds % 60, "D2");
        text[length++] = (byte)'.';
        var fraction = perSecond == 1_000 ? rest * 1_000 : rest;
        return length + Number(text[length..], fraction, digits == 9 ? "D9" : "D6");
    }

    private static int Number(Span<byte> text, long value, string format)
    {
        value.TryFormat(text, out var length, format, CultureInfo.InvariantCulture);
        return length;
    }
}
