namespace Latecomer.Node.Hosting;

/// <summary>The name of a node: the same after a restart, unique among those that live. It names a folder, too.</summary>
internal static class NodeName
{
    private const int Longest = 63;

    /// <summary>Checks a name.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static string Parse(string text) => text.Length is > 0 and <= Longest && char.IsAsciiLetterOrDigit(text[0]) && text.All(MayHave)
        ? text
        : throw new FormatException($"a node's name is made of letters, digits, '-', '_' and '.', begins with a letter or digit and has at most {Longest} characters, unlike '{text}'.");

    /// <summary>The name that this machine gives.</summary>
    public static string OfThisMachine()
    {
        var name = string.Concat(Environment.MachineName.Where(MayHave)).TrimStart('-', '_', '.');
        return name.Length > 0 ? name[..Math.Min(name.Length, Longest)] : "node";
    }

    private static bool MayHave(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.';
}
