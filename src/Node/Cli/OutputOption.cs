using System.CommandLine;

namespace Latecomer.Node.Cli;

/// <summary><c>-o</c>: how a command prints.</summary>
internal sealed class OutputOption : Option<string>
{
    private const string Table = "table";
    private const string Json = "json";

    /// <summary>The option, for a command and all below it.</summary>
    public OutputOption()
        : base("--output", "-o")
    {
        Description = "How to print: table for people, json for programs.";
        HelpName = $"{Table}|{Json}";
        Recursive = true;
        DefaultValueFactory = _ => Table;
        this.AcceptOnlyFromAmong(Table, Json);
    }

    /// <summary>Whether the command line asks for JSON.</summary>
    public bool IsJson(ParseResult parsed) => parsed.GetValue(this) == Json;
}
