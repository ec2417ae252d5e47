using System.Globalization;
using Latecomer.Node.Hosting;

namespace Latecomer.Node.Configuration;

/// <summary>Settings as people write them.</summary>
internal static class SettingText
{
    /// <summary>An address of HTTP, without a path.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static Uri Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttp && address.PathAndQuery == "/"
            ? address
            : throw new FormatException($"that is an address such as {HostOptions.DefaultListen}, not '{text}'.");

    /// <summary>A number of nodes.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static int Nodes(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var nodes) && nodes is >= 1 and <= HostOptions.MostNodes
            ? nodes
            : throw new FormatException($"that is a number from 1 to {HostOptions.MostNodes}, not '{text}'.");

    /// <summary>A time: a whole number and <c>ms</c>, <c>s</c> or <c>m</c>.</summary>
    /// <exception cref="FormatException">It is none, or longer than ten minutes.</exception>
    public static TimeSpan Time(string text)
    {
        (string Unit, int Milliseconds)[] units = [("ms", 1), ("s", 1000), ("m", 60_000)];
        foreach (var (unit, milliseconds) in units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && int.TryParse(text.AsSpan(..^unit.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                && (long)count * milliseconds is var length and > 0 and <= 600_000)
            {
                return TimeSpan.FromMilliseconds(length);
            }
        }

        throw new FormatException($"that is a time such as 500ms, 2s or 1m, at most 10m, not '{text}'.");
    }
}
