using System.CommandLine;
using Spectre.Console;

namespace Latecomer.Node.Cli;

/// <summary>Terminals, and what stands where none is.</summary>
internal static class Terminals
{
    /// <summary>The width where none is set: nothing is cut or wrapped.</summary>
    public const int Unlimited = 4000;

    private const string NoColourVariable = "NO_COLOR";

    /// <summary><c>--no-color</c>, of every command.</summary>
    public static Option<bool> NoColour { get; } = new("--no-color")
    {
        Description = $"No colours on a terminal either; the same as {NoColourVariable}.",
        Recursive = true,
    };

    /// <summary>Whether there may be colours where a terminal is: not with <c>--no-color</c>, nor with <c>NO_COLOR</c> (no-color.org).</summary>
    public static bool HasColours(ParseResult parsed) =>
        !parsed.GetValue(NoColour) && Environment.GetEnvironmentVariable(NoColourVariable) is not { Length: > 0 };

    /// <summary>Whether a person can be asked: the question is seen, and the answer is typed.</summary>
    public static bool HasPerson => !Console.IsInputRedirected && !Console.IsErrorRedirected;

    /// <summary>The console behind <paramref name="to"/>: colours and its own width on a terminal, plain and wide elsewhere.</summary>
    public static IAnsiConsole Of(TextWriter to, bool hasColours)
    {
        var output = new AnsiConsoleOutput(to);
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = output,
            Ansi = output.IsTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = hasColours ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        });
        if (!output.IsTerminal)
        {
            console.Profile.Width = Unlimited;
        }

        return console;
    }
}
