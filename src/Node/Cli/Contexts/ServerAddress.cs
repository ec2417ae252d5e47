using Latecomer.Node.Hosting;

namespace Latecomer.Node.Cli;

/// <summary>Addresses of nodes, as people write them.</summary>
internal static class ServerAddress
{
    /// <summary>Reads one.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static Uri Parse(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
            ? address
            : throw new FormatException($"takes an address such as {HostOptions.DefaultListen}, not '{text}'.");

    /// <summary>Reads one that <paramref name="source"/> gave.</summary>
    /// <exception cref="Refusal">It is none.</exception>
    public static Uri Parse(string text, string source)
    {
        try
        {
            return Parse(text);
        }
        catch (FormatException e)
        {
            throw new Refusal(ExitCode.Usage, $"{source} {e.Message}", e);
        }
    }

    /// <summary>As people write it.</summary>
    public static string Text(Uri address) => address.GetLeftPart(UriPartial.Authority);
}
