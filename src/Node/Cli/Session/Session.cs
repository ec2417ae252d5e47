using System.CommandLine;

namespace Latecomer.Node.Cli;

/// <summary>Commands one after the other, with one node: typed at a terminal, or from a pipe.</summary>
internal sealed class Session
{
    private const int OrdinaryWidth = 80;

    private readonly ClientOptions _client;
    private readonly RootCommand _root;
    private readonly Connection _connection;
    private readonly History _history;
    private bool _isOver;

    /// <summary>A session with a node.</summary>
    public Session(Connection connection, History history)
    {
        (_connection, _history) = (connection, history);
        _client = new ClientOptions(connection);
        _root = CommandLine.Clients(_client);
        _root.Description = "A session. Commands are those of latecomer; Tab completes, the arrow keys bring back lines of before, Ctrl-C ends a command, exit or Ctrl-D the session.";
        foreach (var command in _root.Subcommands)
        {
            command.Hidden = false;
        }

        _root.Subcommands.Add(HelpCommand.Create(_root));
        _root.Subcommands.Add(Own("history", "Lists the lines of before.", () => _history.Lines.ToList().ForEach(Console.WriteLine)));
        _root.Subcommands.Add(Own("exit", "Ends the session.", () => _isOver = true));
        _root.Subcommands.Add(Own("quit", "Ends the session.", () => _isOver = true));
    }

    /// <summary>Runs what a person types, until he leaves; a command that fails ends nothing.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> Talk()
    {
        var editor = new LineEditor(Console.Out, () => Console.ReadKey(intercept: true), Width, _history, Complete);
        var prompt = $"latecomer {_connection.Context ?? _connection.Server.Authority}> ";
        Console.WriteLine("Type help for the commands, exit to leave.");
        while (!_isOver && await ReadLine(editor, prompt) is { } line)
        {
            _history.Add(line);
            await Run(line);
        }

        return ExitCode.Ok;
    }

    /// <summary>Runs lines, up to the first that fails.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="keepsGoing">Whether the others are run after one that failed.</param>
    /// <returns>The exit code of the first that failed.</returns>
    public async Task<int> Play(TextReader lines, bool keepsGoing)
    {
        var (number, failed) = (0, ExitCode.Ok);
        while (!_isOver && await lines.ReadLineAsync() is { } line)
        {
            number++;
            var code = await Run(line);
            if (code == ExitCode.Ok)
            {
                continue;
            }

            await Console.Error.WriteLineAsync($"latecomer: line {number} ended with exit code {code}: {line.Trim()}");
            failed = failed == ExitCode.Ok ? code : failed;
            if (!keepsGoing || code == ExitCode.Interrupted)
            {
                break;
            }
        }

        return failed;
    }

    // Terminals that do not know their size say 0.
    private static int Width() => Console.WindowWidth is > 0 and var width ? width : OrdinaryWidth;

    private static async Task<string?> ReadLine(LineEditor editor, string prompt)
    {
        // At the prompt Ctrl-C is a key; while a command runs it is a signal.
        Console.TreatControlCAsInput = true;
        try
        {
            return await editor.Read(prompt);
        }
        finally
        {
            Console.TreatControlCAsInput = false;
        }
    }

    private static Command Own(string name, string description, Action act)
    {
        var command = new Command(name, description);
        command.SetAction(_ =>
        {
            act();
            return ExitCode.Ok;
        });
        return command;
    }

    private async Task<int> Run(string line)
    {
        var (words, isOpen) = CommandWords.Split(line);
        if (isOpen)
        {
            await Console.Error.WriteLineAsync("latecomer: a quote in this line is not closed.");
            return ExitCode.Usage;
        }

        // Whoever copies a line from elsewhere may copy the program's name with it.
        IReadOnlyList<string> command = words is ["latecomer" or "./latecomer", ..] ? [.. words.Skip(1)] : words;
        return command.Count == 0 ? ExitCode.Ok : await CommandLine.Run(_root, command);
    }

    private async Task<IReadOnlyList<Candidate>?> Complete(string before)
    {
        var words = CommandWords.SplitPartial(before).Words;
        var names = new NodeNames(() => _client.Connection(_root.Parse(words.SkipLast(1).ToArray())), NodeNames.Patience);
        return await new Completer(_root, names).Complete(words, CancellationToken.None);
    }
}
