using System.CommandLine;
using System.CommandLine.Completions;

namespace Latecomer.Node.Cli;

/// <summary>Says what the last word of a command line may become: a command, an option, or a name that a node knows.</summary>
/// <param name="root">The commands.</param>
/// <param name="names">Finds names.</param>
internal sealed class Completer(Command root, INameSource names)
{
    /// <summary>What the word may become, in order.</summary>
    /// <param name="words">The words of the line without the program's name; the last one is being typed.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <returns>It; null where the word names a file or a folder, which the shell knows better.</returns>
    public async Task<IReadOnlyList<Candidate>?> Complete(IReadOnlyList<string> words, CancellationToken cancellation)
    {
        var (line, word) = (PartialLine.Read(root, words.SkipLast(1)), words.Count == 0 ? "" : words[^1]);
        if (line.Open is { } waiting)
        {
            return await Values(line, waiting, word, cancellation);
        }

        if (word.StartsWith('-'))
        {
            return word.Split('=', 2) is [var option, var value] && line.Options.FirstOrDefault(o => o.Name == option) is { } open
                ? [.. (await Values(line, open, value, cancellation) ?? []).Select(c => c with { Value = $"{option}={c.Value}" })]
                : [.. Options(line).Where(c => c.Value.StartsWith(word, StringComparison.Ordinal))];
        }

        return line.NextArgument is { } argument
            ? await Values(line, argument, word, cancellation)
            : [.. Commands(line).Where(c => c.Value.StartsWith(word, StringComparison.Ordinal))];
    }

    private static IEnumerable<Candidate> Commands(PartialLine line) =>
        line.Command.Subcommands.Where(c => !c.Hidden && !line.IsStray).Select(c => new Candidate(c.Name, c.Description ?? ""));

    private static IEnumerable<Candidate> Options(PartialLine line) =>
        from option in line.Options
        where !option.Hidden && (!line.IsGiven(option) || option.Arity.MaximumNumberOfValues > 1)
        from name in option.Aliases.Prepend(option.Name)
        where name.StartsWith("--", StringComparison.Ordinal)
        orderby name
        select new Candidate(name, option.Description ?? "");

    private async Task<IReadOnlyList<Candidate>?> Values(PartialLine line, Symbol symbol, string word, CancellationToken cancellation)
    {
        var kind = PartialLine.NameOf(symbol);
        if (kind is Names.File or Names.Folder)
        {
            return null;
        }

        List<Candidate> all = [.. symbol.GetCompletions(CompletionContext.Empty).Select(item => new Candidate(item.Label))];
        if (all.Count == 0 && kind is not null)
        {
            all.AddRange(await names.Find(kind, line, cancellation));
        }

        return [.. all.Where(c => c.Value.StartsWith(word, StringComparison.Ordinal)).DistinctBy(c => c.Value)];
    }
}
