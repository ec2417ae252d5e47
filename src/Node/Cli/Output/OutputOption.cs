using System.CommandLine;

namespace Latecomer.Node.Cli;

/// <summary><c>-o</c>: how a command prints.</summary>
internal sealed class OutputOption : Option<string>
{
    private static readonly string[] Names = [.. Enum.GetNames<OutputFormat>().Select(name => name.ToLowerInvariant())];

    /// <summary>The option, for a command and all below it.</summary>
    public OutputOption()
        : base("--output", "-o")
    {
        Description = "How to print: table for people, json or yaml for programs, plain for scripts (cells separated by tabs, no header).";
        HelpName = string.Join('|', Names);
        Recursive = true;
        DefaultValueFactory = _ => Names[0];
        this.AcceptOnlyFromAmong(Names);
    }

    /// <summary>What the command line asks for.</summary>
    public OutputFormat Of(ParseResult parsed) => Enum.Parse<OutputFormat>(parsed.GetValue(this)!, ignoreCase: true);

    /// <summary>Where the answer goes.</summary>
    public Printer Printer(ParseResult parsed) => new(Console.Out, Of(parsed), Terminals.HasColours(parsed));
}
