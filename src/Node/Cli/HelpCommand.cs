using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer help</c>: what commands there are, one of them, or what they end with.</summary>
internal static class HelpCommand
{
    /// <summary>The topic of exit codes.</summary>
    public const string ExitCodes = "exit-codes";

    /// <summary>The command, of these commands.</summary>
    public static Command Create(RootCommand root)
    {
        var words = new Argument<string[]>("COMMAND") { Description = $"The command, or {ExitCodes}; all commands when not given.", Arity = ArgumentArity.ZeroOrMore };
        words.CompletionSources.Add(_ => root.Subcommands.Select(c => new CompletionItem(c.Name)).Append(new CompletionItem(ExitCodes)));
        var help = new Command("help", "Shows what commands there are, one of them, or what exit codes mean.") { words };
        help.SetAction(parsed => parsed.GetValue(words) is [ExitCodes] ? PrintExitCodes() : Print(root, parsed.GetValue(words)!));
        return help;
    }

    private static int Print(RootCommand root, string[] words)
    {
        var found = root.Parse(words);
        return found.UnmatchedTokens.Count == 0 || found.CommandResult.Command.Subcommands.Count == 0
            ? new HelpAction().Invoke(found)
            : throw new Refusal(ExitCode.Usage, $"There is no command '{string.Join(' ', words)}'. Try: latecomer help");
    }

    private static int PrintExitCodes()
    {
        Console.WriteLine("What latecomer ends with; the sentence on stderr says what was wrong and what to do.");
        foreach (var (code, meaning) in ExitCode.Meanings)
        {
            Console.WriteLine($"{code,5}  {meaning}");
        }

        return ExitCode.Ok;
    }
}
