using System.CommandLine;
using System.Globalization;
using Latecomer.DeltaLog;
using Spectre.Console;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer tables partitions</c>.</summary>
internal static class TablePartitionsCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var table = new TableLog();
        var version = new VersionOptions();
        var command = version.On(new Command("partitions", "Lists what the partitions of a Delta table hold, and when their data last changed."));
        return table.On(command, async (parsed, log, cancellation) =>
        {
            var opened = new DeltaTable(log, TimeProvider.System, Guid.NewGuid);
            var listing = await opened.ReadPartitions(await version.Find(parsed, opened, cancellation), cancellation);
            var printer = table.Printer(parsed);
            if (printer.IsDocument)
            {
                await printer.Document(stream =>
                {
                    PartitionsDocument.Write(listing, stream);
                    return Task.CompletedTask;
                });
            }
            else
            {
                printer.Rows(["partition", "files", "rows", "bytes", "last change", "at"], listing.InOrder().Select(named => Row(listing, named.Name, named.Partition)));
            }

            return ExitCode.Ok;
        });
    }

    private static IReadOnlyList<string> Row(PartitionListing listing, IReadOnlyList<KeyValuePair<string, string?>> name, PartitionValues partition)
    {
        var (summary, change) = (listing.SummaryOf(partition), listing.LastDataChangeOf(partition));
        return
        [
            Markup.Escape(TableLog.NameOf(name)),
            $"{summary.ActiveFiles}",
            summary.FilesWithoutRows == 0 ? $"{summary.Rows}" : $">={summary.Rows}",
            $"{summary.Bytes}",
            change is { } known ? $"{known.Version}" : $"<={listing.UnknownUpTo}",
            change?.At?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "",
        ];
    }
}
