namespace Latecomer.Node.Cli;

/// <summary>Tokens come from files and stdin, not from the command line, which others can see.</summary>
internal static class TokenFile
{
    private const string FromStdin = "-";

    /// <summary>The token in a file, or on stdin for <c>-</c>.</summary>
    /// <exception cref="Refusal">There is none.</exception>
    public static string Read(string source)
    {
        string text;
        try
        {
            text = source == FromStdin ? Console.In.ReadToEnd() : File.ReadAllText(source);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new Refusal(ExitCode.Usage, $"--token-file: {source} cannot be read: {e.Message}", e);
        }

        return text.Trim() is { Length: > 0 } token && !token.Any(char.IsWhiteSpace)
            ? token
            : throw new Refusal(ExitCode.Usage, $"--token-file: there is no token in {source}, but one word is due.");
    }
}
