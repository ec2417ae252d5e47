using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Runtime.InteropServices;
using Latecomer.DeltaLog;
using Latecomer.Node.Demo;
using Latecomer.Node.Devices;

namespace Latecomer.Node.Cli;

/// <summary>The program's command line: data goes to stdout, everything else to stderr, and a failure is one sentence and an <see cref="ExitCode"/>.</summary>
internal static class CommandLine
{
    /// <summary>Runs one command line to its end.</summary>
    /// <returns>The exit code.</returns>
    public static Task<int> Run(string[] arguments) =>
        arguments is [CompleteCommand.Name, .. var words] ? CompleteCommand.Run(words) : Run(Root(new ClientOptions()), arguments);

    /// <summary>Runs a command line, of some of the commands, to its end.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> Run(RootCommand root, IReadOnlyList<string> arguments)
    {
        var parsed = root.Parse(arguments);
        if (parsed.Action is ParseErrorAction)
        {
            return WrongUsage(parsed);
        }

        using var stop = new CancellationTokenSource();
        using var interrupt = ConsoleCommand.Is(parsed) ? null : Stopping(PosixSignal.SIGINT, stop);
        using var terminate = ConsoleCommand.Is(parsed) ? null : Stopping(PosixSignal.SIGTERM, stop);
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception e)
        {
            return Explain(e);
        }
    }

    /// <summary>All commands.</summary>
    public static RootCommand Root(ClientOptions client)
    {
        var root = Clients(client);
        root.Subcommands.Insert(0, DemoCommand.Create());
        root.Subcommands.Insert(1, NodeCommand.Create());
        root.Subcommands.Add(ConsoleCommand.Create(client));
        root.Subcommands.Add(CompletionCommand.Create());
        root.Subcommands.Add(HelpCommand.Create(root));
        return root;
    }

    /// <summary>The commands that ask nodes or look into files.</summary>
    /// <param name="client">What those have in common that ask nodes.</param>
    public static RootCommand Clients(ClientOptions client)
    {
        var root = new RootCommand("Finds data that arrives late in Delta tables and backfills exactly the dates that it affects. What commands end with: latecomer help exit-codes.")
        {
            PipelinesCommand.Create(client),
            RunsCommand.Create(client),
            TokensCommand.Create(client),
            PartitionsCommand.Create(client),
            BackfillsCommand.Create(client),
            TablesCommand.Create(client),
            ParquetCommand.Create(),
            ClusterCommand.Create(client),
            ShardCommands.Sharding(client),
            ActorCommands.Actor(client),
            HealthCommand.Create(client),
            ContextCommand.Create(),
            StateCommand.Create(),
            DevicesCommand.Create(),
        };
        root.Options.Add(Terminals.NoColour);
        return root;
    }

    private static PosixSignalRegistration Stopping(PosixSignal signal, CancellationTokenSource stop) => PosixSignalRegistration.Create(signal, context =>
    {
        // The first signal asks; a second one finds the default action and ends the process.
        context.Cancel = !stop.IsCancellationRequested;
        stop.Cancel();
    });

    private static int WrongUsage(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (parsed.Tokens.Count == 0 || (command.Subcommands.Count > 0 && parsed.UnmatchedTokens.Count == 0))
        {
            new HelpAction().Invoke(parsed);
            return ExitCode.Usage;
        }

        var sentence = parsed.UnmatchedTokens.Count > 0 ? $"'{parsed.UnmatchedTokens[0]}' is not understood here." : parsed.Errors[0].Message;
        Console.Error.WriteLine($"latecomer: {sentence} Try: {NameOf(parsed.CommandResult)} --help");
        return ExitCode.Usage;
    }

    private static string NameOf(System.CommandLine.Parsing.SymbolResult? result) => result switch
    {
        System.CommandLine.Parsing.CommandResult { Parent: { } parent } command => $"{NameOf(parent)} {command.Command.Name}",
        _ => "latecomer",
    };

    private static int Explain(Exception e)
    {
        var (code, sentence) = e switch
        {
            Refusal refusal => (refusal.Code, refusal.Message),
            IOException disk => (ExitCode.Failed, DiskFault.Explain(disk)),
            DeltaException or UnauthorizedAccessException => (ExitCode.Failed, e.Message),
            _ => (ExitCode.Fault, $"a fault of latecomer itself, please report it: {e}"),
        };
        Console.Error.WriteLine($"latecomer: {sentence}");
        return code;
    }
}
