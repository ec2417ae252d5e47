namespace Latecomer.Node.Cli;

/// <summary>What the shells' scripts call: tells, line by line, what a command line may go on with. Whatever goes wrong, it says nothing and ends well.</summary>
internal static class CompleteCommand
{
    /// <summary>Its name. It stands in no help.</summary>
    public const string Name = "__complete";

    private const string Line = "--line";
    private const string WordsFollow = "--";
    private const string Files = ":files";

    /// <summary>Prints candidates: value, tab, description; or one line that has the shell offer files.</summary>
    /// <param name="arguments"><c>--line</c> and the line up to where it is typed, with the program's name; or <c>--</c> and its words without that, the last one being typed.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> Run(IReadOnlyList<string> arguments)
    {
        IReadOnlyList<string> words = arguments switch
        {
            [Line, var line] => [.. CommandWords.SplitPartial(line).Words.Skip(1)],
            [WordsFollow, ..] => [.. arguments.Skip(1)],
            _ => [],
        };
        var client = new ClientOptions();
        var root = CommandLine.Root(client);
        var completer = new Completer(root, new NodeNames(() => client.Connection(root.Parse(words.SkipLast(1).ToArray())), NodeNames.Patience));
        if (await completer.Complete(words, CancellationToken.None) is not { } candidates)
        {
            Console.WriteLine(Files);
            return ExitCode.Ok;
        }

        foreach (var candidate in candidates)
        {
            Console.WriteLine($"{candidate.Value}\t{candidate.Description}");
        }

        return ExitCode.Ok;
    }
}
