using System.Text.RegularExpressions;

namespace Latecomer.Node.Hosting;

/// <summary>The name of a node: the same after a restart, unique among those that live. It names a folder, too.</summary>
internal static partial class NodeName
{
    /// <summary>Checks a name.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static string Parse(string text) => Valid().IsMatch(text)
        ? text
        : throw new FormatException($"a node's name is made of letters, digits, '-', '_' and '.', begins with a letter or digit and has at most 63 characters, unlike '{text}'.");

    /// <summary>The name that this machine gives.</summary>
    public static string OfThisMachine() => Invalid().Replace(Environment.MachineName, "") is { Length: > 0 } name ? name[..Math.Min(name.Length, 63)] : "node";

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$", RegexOptions.CultureInvariant)]
    private static partial Regex Valid();

    [GeneratedRegex("^[^A-Za-z0-9]+|[^A-Za-z0-9._-]", RegexOptions.CultureInvariant)]
    private static partial Regex Invalid();
}
