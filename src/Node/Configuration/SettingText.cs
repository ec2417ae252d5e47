using System.Globalization;
using Latecomer.Node.Hosting;
using Latecomer.Runtime;

namespace Latecomer.Node.Configuration;

/// <summary>Settings as people write them.</summary>
internal static class SettingText
{
    private static readonly TimeSpan LongestTime = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongestKept = TimeSpan.FromDays(36_500);

    /// <summary>An address of HTTP, without a path.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static Uri Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps) && address.PathAndQuery == "/"
            ? address
            : throw new FormatException($"that is an address such as {HostOptions.DefaultListen}, not '{text}'.");

    /// <summary>A number of nodes.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static int Nodes(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var nodes) && nodes is >= 1 and <= HostOptions.MostNodes
            ? nodes
            : throw new FormatException($"that is a number from 1 to {HostOptions.MostNodes}, not '{text}'.");

    /// <summary>Whether something is required.</summary>
    /// <exception cref="FormatException">It does not say.</exception>
    public static bool? Required(string text) => text switch
    {
        "required" => true,
        "off" => false,
        _ => throw new FormatException($"that is 'required' or 'off', not '{text}'."),
    };

    /// <summary>A number of calls; null for any number.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static int? CallsPerSecond(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var calls) && calls <= 1_000_000
            ? calls == 0 ? null : calls
            : throw new FormatException($"that is a number of calls a second, or 0 for any, not '{text}'.");

    /// <summary>A time: a whole number and <c>ms</c>, <c>s</c> or <c>m</c>.</summary>
    /// <exception cref="FormatException">It is none, or longer than ten minutes.</exception>
    public static TimeSpan Time(string text) =>
        Parse(text, [("ms", TimeSpan.FromMilliseconds(1)), ("s", TimeSpan.FromSeconds(1)), ("m", TimeSpan.FromMinutes(1))]) is { } time && time <= LongestTime
            ? time
            : throw new FormatException($"that is a time such as 500ms, 2s or 1m, at most 10m, not '{text}'.");

    /// <summary>How long something is kept: a whole number and <c>s</c>, <c>m</c>, <c>h</c> or <c>d</c>; or <c>forever</c>.</summary>
    /// <exception cref="FormatException">It is none, or longer than a hundred years.</exception>
    public static TimeSpan Kept(string text) =>
        text == "forever" ? RuntimeSettings.ForEver
        : Parse(text, [("s", TimeSpan.FromSeconds(1)), ("m", TimeSpan.FromMinutes(1)), ("h", TimeSpan.FromHours(1)), ("d", TimeSpan.FromDays(1))]) is { } time && time <= LongestKept
            ? time
            : throw new FormatException($"that is a time such as 90d, 12h or 30m, at most 36500d, or 'forever', not '{text}'.");

    private static TimeSpan? Parse(string text, (string Unit, TimeSpan One)[] units)
    {
        foreach (var (unit, one) in units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && int.TryParse(text.AsSpan(..^unit.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                && count > 0)
            {
                return count > TimeSpan.MaxValue / one ? TimeSpan.MaxValue : count * one;
            }
        }

        return null;
    }
}
