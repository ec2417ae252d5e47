using System.Globalization;

namespace Latecomer.Grpc;

/// <summary>The value of <c>grpc-timeout</c>: one to eight digits and a unit (<c>Timeout</c> of gRPC over HTTP/2).</summary>
internal static class GrpcTimeout
{
    /// <summary>The header.</summary>
    public const string Header = "grpc-timeout";

    private const int MostDigits = 8;
    private const int MostNumber = 99_999_999;

    /// <summary>Reads it; null if it is none. A time is never cut: less than a tick counts as one.</summary>
    public static TimeSpan? TryParse(ReadOnlySpan<char> text)
    {
        if (text.Length is < 2 or > MostDigits + 1 || !long.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        return text[^1] switch
        {
            'H' => TimeSpan.FromHours(number),
            'M' => TimeSpan.FromMinutes(number),
            'S' => TimeSpan.FromSeconds(number),
            'm' => TimeSpan.FromMilliseconds(number),
            'u' => TimeSpan.FromMicroseconds(number),
            'n' => TimeSpan.FromTicks((number + TimeSpan.NanosecondsPerTick - 1) / TimeSpan.NanosecondsPerTick),
            _ => null,
        };
    }

    /// <summary>Writes it in the finest unit that holds it; never shorter than it is, but for the longest that can be said.</summary>
    public static string Format(TimeSpan timeout)
    {
        (long Ticks, char Unit)[] units =
            [(TimeSpan.TicksPerMicrosecond, 'u'), (TimeSpan.TicksPerMillisecond, 'm'), (TimeSpan.TicksPerSecond, 'S'), (TimeSpan.TicksPerMinute, 'M'), (TimeSpan.TicksPerHour, 'H')];
        var ticks = Math.Max(0, timeout.Ticks);
        foreach (var (size, unit) in units)
        {
            if ((ticks / size) + (ticks % size == 0 ? 0 : 1) is var number and <= MostNumber)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{number}{unit}");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{MostNumber}H");
    }
}
