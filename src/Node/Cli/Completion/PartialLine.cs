using System.CommandLine;

namespace Latecomer.Node.Cli;

/// <summary>A command line that is still being typed: which command it is so far, what it is given, and what the word at its end is a value of.</summary>
internal sealed class PartialLine
{
    private const string OptionsEnd = "--";

    private readonly List<(Symbol Symbol, string Value)> _given = [];
    private readonly List<string> _unplaced = [];

    private PartialLine(Command root) => Command = root;

    /// <summary>The command so far.</summary>
    public Command Command { get; private set; }

    /// <summary>The option whose value comes next; null if none is open.</summary>
    public Option? Open { get; private set; }

    /// <summary>Options that count here: the command's own, and those of all above it.</summary>
    public IReadOnlyList<Option> Options { get; private set; } = [];

    /// <summary>The argument whose value comes next; null if the command takes no more.</summary>
    public Argument? NextArgument
    {
        get
        {
            var taken = _unplaced.Count;
            foreach (var argument in Command.Arguments)
            {
                if (taken < argument.Arity.MaximumNumberOfValues)
                {
                    return argument;
                }

                taken -= argument.Arity.MaximumNumberOfValues;
            }

            return null;
        }
    }

    /// <summary>Whether a word stands where it has no meaning.</summary>
    public bool IsStray => NextArgument is null && _unplaced.Count > Command.Arguments.Count;

    /// <summary>Reads the words before the one that is being typed.</summary>
    public static PartialLine Read(Command root, IEnumerable<string> words)
    {
        var line = new PartialLine(root) { Options = [.. root.Options] };
        foreach (var word in words)
        {
            line.Take(word);
        }

        return line;
    }

    /// <summary>The options that are given already.</summary>
    public bool IsGiven(Option option) => _given.Any(g => g.Symbol == option);

    /// <summary>What an argument, or an option, of a help name is given; null if it is not.</summary>
    public string? ValueOf(string helpName) => _given.Where(g => NameOf(g.Symbol) == helpName).Select(g => g.Value).FirstOrDefault();

    /// <summary>The words as they are typed, for those who read the command line itself.</summary>
    public static string? NameOf(Symbol symbol) => symbol switch
    {
        Option option => option.HelpName,
        Argument argument => argument.Name,
        _ => null,
    };

    private void Take(string word)
    {
        if (Open is { } open)
        {
            _given.Add((open, word));
            Open = null;
        }
        else if (word.StartsWith('-') && word != OptionsEnd && word.Length > 1)
        {
            TakeOption(word);
        }
        else if (_unplaced.Count == 0 && Command.Subcommands.FirstOrDefault(c => c.Name == word || c.Aliases.Contains(word)) is { } next)
        {
            Command = next;
            Options = [.. next.Options, .. Options.Where(o => o.Recursive)];
        }
        else if (word != OptionsEnd)
        {
            if (NextArgument is { } argument)
            {
                _given.Add((argument, word));
            }

            _unplaced.Add(word);
        }
    }

    private void TakeOption(string word)
    {
        var (name, value) = word.Split('=', 2) is [var left, var right] ? (left, right) : (word, null);
        if (Options.FirstOrDefault(o => o.Name == name || o.Aliases.Contains(name)) is not { } option)
        {
            return;
        }

        var takesValue = option.Arity.MaximumNumberOfValues > 0 && option.ValueType != typeof(bool);
        if (value is not null || !takesValue)
        {
            _given.Add((option, value ?? ""));
        }
        else
        {
            Open = option;
        }
    }
}
