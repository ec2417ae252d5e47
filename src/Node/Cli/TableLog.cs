using System.CommandLine;
using Latecomer.DeltaLog;

namespace Latecomer.Node.Cli;

/// <summary>What the commands share that look into a table's log on their own, without a node: the table, and how a refused one is told.</summary>
internal sealed class TableLog
{
    private readonly Argument<string> _path = new("PATH") { Description = "The table's folder." };
    private readonly OutputOption _output = new();

    /// <summary>Makes a command of it.</summary>
    public Command On(Command command, Func<ParseResult, LocalLogStore, CancellationToken, Task<int>> run)
    {
        command.Arguments.Insert(0, _path);
        command.Options.Add(_output);
        command.SetAction(async (parsed, cancellation) =>
        {
            try
            {
                return await run(parsed, new LocalLogStore(parsed.GetValue(_path)!), cancellation);
            }
            catch (DeltaException error) when (IsJson(parsed))
            {
                ErrorDocument.Write(error.Class.ToString(), error.Message);
                return ExitCode.Failed;
            }
        });
        return command;
    }

    /// <summary>Whether the command line asks for JSON.</summary>
    public bool IsJson(ParseResult parsed) => _output.IsJson(parsed);

    /// <summary>A partition for people.</summary>
    public static string NameOf(IReadOnlyList<KeyValuePair<string, string?>> partition) =>
        partition.Count == 0 ? "(whole table)" : string.Join('/', partition.Select(column => $"{column.Key}={column.Value ?? "null"}"));
}
