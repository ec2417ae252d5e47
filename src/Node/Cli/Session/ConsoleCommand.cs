using System.CommandLine;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer console</c>: the commands in a session, in the manner of Petabridge.Cmd.</summary>
internal static class ConsoleCommand
{
    private const string Name = "console";

    /// <summary>The command.</summary>
    public static Command Create(ClientOptions client)
    {
        var keepGoing = new Option<bool>("--keep-going") { Description = "From a pipe: goes on after a command that failed; the exit code is that of the first one." };
        var command = client.Naming(new Command(Name, "Runs commands in a session: typed, with history and completion, or from a pipe, one in a line, # before comments.") { keepGoing });
        command.SetAction(async (parsed, _) =>
        {
            var connection = client.Connection(parsed);
            return Console.IsInputRedirected || Console.IsOutputRedirected
                ? await new Session(connection, new History(file: null)).Play(Console.In, parsed.GetValue(keepGoing))
                : await new Session(connection, new History(History.FileOf(Environment.GetEnvironmentVariable))).Talk();
        });
        return command;
    }

    /// <summary>Whether a command line begins a session, whose commands hear of signals themselves.</summary>
    public static bool Is(ParseResult parsed) => parsed.CommandResult.Command.Name == Name;
}
