using System.CommandLine;
using Latecomer.DeltaLog;

namespace Latecomer.Node.Cli;

/// <summary>What the commands share that look into a table's log on their own, without a node: the table, and how a refused one is told.</summary>
internal sealed class TableLog
{
    private readonly Argument<string> _path = new(Names.Folder) { Description = "The table's folder." };
    private readonly OutputOption _output = new();

    /// <summary>Makes a command of it.</summary>
    public Command On(Command command, Func<ParseResult, LocalLogStore, CancellationToken, Task<int>> run)
    {
        command.Arguments.Insert(0, _path);
        command.Options.Add(_output);
        command.SetAction((parsed, cancellation) => OrDocument(Printer(parsed), () => run(parsed, new LocalLogStore(parsed.GetValue(_path)!), cancellation)));
        return command;
    }

    /// <summary>Whether a text names a folder rather than a table that a node watches: by how it is written, or because there is a log.</summary>
    public static bool IsFolder(string text) => text.StartsWith('.') || Path.IsPathRooted(text) || text.EndsWith('/') || Directory.Exists(Path.Combine(text, "_delta_log"));

    /// <summary>Runs something; a refused table is told as a document where one was to come.</summary>
    public static async Task<int> OrDocument(Printer printer, Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (DeltaException error) when (printer.IsDocument)
        {
            await ErrorDocument.Write(printer, error.Class.ToString(), error.Message);
            return ExitCode.Failed;
        }
    }

    /// <summary>Where the answer goes.</summary>
    public Printer Printer(ParseResult parsed) => _output.Printer(parsed);

    /// <summary>A partition for people.</summary>
    public static string NameOf(IReadOnlyList<KeyValuePair<string, string?>> partition) =>
        partition.Count == 0 ? "(whole table)" : string.Join('/', partition.Select(column => $"{column.Key}={column.Value ?? "null"}"));
}
