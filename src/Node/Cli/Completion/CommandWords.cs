using System.Text;

namespace Latecomer.Node.Cli;

/// <summary>Takes a line apart as a shell does: words between spaces, with quotes and backslashes, up to a comment.</summary>
/// <param name="Words">The words.</param>
/// <param name="IsOpen">Whether a quote is not closed.</param>
internal sealed record CommandWords(IReadOnlyList<string> Words, bool IsOpen)
{
    private const char Nothing = '\0';

    /// <summary>Takes a whole line apart.</summary>
    public static CommandWords Split(string line) => Split(line, keepLast: false);

    /// <summary>Takes a line apart that is being typed: its last word is there also if it is empty.</summary>
    public static CommandWords SplitPartial(string line) => Split(line, keepLast: true);

    private static CommandWords Split(string line, bool keepLast)
    {
        var words = new List<string>();
        StringBuilder? word = null;
        var quote = Nothing;
        for (var at = 0; at < line.Length; at++)
        {
            var c = line[at];
            if (c == '\\' && quote != '\'' && at + 1 < line.Length)
            {
                (word ??= new StringBuilder()).Append(line[++at]);
            }
            else if (quote != Nothing)
            {
                quote = c == quote ? Nothing : quote;
                _ = quote == Nothing ? word : word!.Append(c);
            }
            else if (c is '"' or '\'')
            {
                (quote, word) = (c, word ?? new StringBuilder());
            }
            else if (char.IsWhiteSpace(c))
            {
                Add(words, ref word);
            }
            else if (c == '#' && word is null)
            {
                break;
            }
            else
            {
                (word ??= new StringBuilder()).Append(c);
            }
        }

        if (word is not null || keepLast)
        {
            words.Add(word?.ToString() ?? "");
        }

        return new CommandWords(words, quote != Nothing);
    }

    private static void Add(List<string> words, ref StringBuilder? word)
    {
        if (word is not null)
        {
            words.Add(word.ToString());
        }

        word = null;
    }
}
