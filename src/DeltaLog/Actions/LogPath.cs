namespace Latecomer.DeltaLog;

/// <summary>Paths of data files as the log writes them: percent-encoded, as in RFC 2396 (PROTOCOL.md, "Add File and Remove File").</summary>
public static class LogPath
{
    private const string Unescaped = "-_.!~*'()/:@&=+$,;";

    /// <summary>Undoes the percent-encoding, once. <c>+</c> stays <c>+</c>, and a <c>%</c> that encodes nothing stays too.</summary>
    public static string Decode(string path) => path.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(path) : path;

    /// <summary>The path by which files are told apart: <c>file:/x</c>, <c>file:///x</c> and <c>/x</c> are one file, as Spark takes them.</summary>
    internal static string Identity(string path)
    {
        const string Scheme = "file:/";
        return path.StartsWith(Scheme, StringComparison.Ordinal)
            ? string.Concat("/", path.AsSpan(Scheme.Length).TrimStart('/'))
            : path;
    }

    /// <summary>Encodes a relative path as Spark does: what a URI path may hold stays, letters beyond ASCII too; the rest becomes
    /// <c>%XX</c> per UTF-8 byte.</summary>
    public static string Encode(string path)
    {
        var encoded = new System.Text.StringBuilder(path.Length + 16);
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in path.EnumerateRunes())
        {
            if (Stays(rune))
            {
                encoded.Append(rune.ToString());
                continue;
            }

            foreach (var unit in bytes[..rune.EncodeToUtf8(bytes)])
            {
                encoded.Append('%').Append(unit.ToString("X2"));
            }
        }

        return encoded.ToString();
    }

    private static bool Stays(System.Text.Rune rune) => rune.IsAscii
        ? char.IsAsciiLetterOrDigit((char)rune.Value) || Unescaped.Contains((char)rune.Value, StringComparison.Ordinal)
        : !System.Text.Rune.IsControl(rune) && !System.Text.Rune.IsWhiteSpace(rune);
}
