using System.CommandLine;
using Latecomer.DeltaLog;
using Spectre.Console;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer tables inspect</c>.</summary>
internal static class InspectCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var table = new TableLog();
        return table.On(
            new Command("inspect", "Tells what a Delta table's log says. With -o json or yaml: all of it, version by version."),
            (parsed, log, cancellation) => table.Printer(parsed) is { IsDocument: true } printer ? WriteDocument(printer, log, cancellation) : WriteSummary(table.Printer(parsed), log, cancellation));
    }

    private static async Task<int> WriteDocument(Printer printer, ILogStore log, CancellationToken cancellation)
    {
        var isWhole = false;
        await printer.Document(async stream =>
        {
            isWhole = await InspectionDocument.Write(log, stream, cancellation) is null;
            stream.WriteByte((byte)'\n');
        });
        return isWhole ? ExitCode.Ok : ExitCode.Failed;
    }

    private static async Task<int> WriteSummary(Printer printer, ILogStore log, CancellationToken cancellation)
    {
        var summary = Summary(await new DeltaTable(log, TimeProvider.System, Guid.NewGuid).ReadPartitions(version: null, cancellation));
        if (!printer.IsTable)
        {
            printer.Rows([], summary.Select(line => (IReadOnlyList<string>)[Markup.Escape(line.Name), Markup.Escape(line.Value)]));
            return ExitCode.Ok;
        }

        foreach (var (name, value) in summary)
        {
            Console.WriteLine($"{name,-12} {value}");
        }

        return ExitCode.Ok;
    }

    private static IEnumerable<(string Name, string Value)> Summary(PartitionListing listing)
    {
        var (snapshot, metadata) = (listing.Snapshot, listing.Snapshot.Metadata);
        yield return ("table", metadata.Name is { Length: > 0 } name ? $"{name}, at {snapshot.Location}" : snapshot.Location);
        yield return ("id", snapshot.TableId);
        yield return ("version", $"{snapshot.Version}, {(listing.History.FromCommit is { } first ? $"commits from {first} on are there" : "no commit is left, only checkpoints")}");
        yield return ("protocol", ProtocolOf(snapshot.Protocol));
        yield return ("columns", metadata.SchemaString is null ? "not told" : $"{metadata.Schema.Fields.Count}{(snapshot.Mapping.IsMapped ? $", mapped by {snapshot.Mapping.Mode}" : "")}");
        yield return ("partitioned", metadata.PartitionColumns.Count == 0 ? "no" : $"by {string.Join(", ", metadata.PartitionColumns)}: {snapshot.Partitions.Count} partitions with files");
        yield return ("files", $"{snapshot.NumFiles}, {snapshot.Partitions.Values.Sum(partition => partition.Bytes)} bytes");
        yield return ("rows", RowsOf(snapshot));
        if (snapshot.Transactions.Count > 0)
        {
            yield return ("applications", $"{snapshot.Transactions.Count} with a txn");
        }

        foreach (var (domain, configuration) in snapshot.Domains.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            yield return ("domain", $"{domain}: {configuration}");
        }
    }

    private static string ProtocolOf(DeltaLog.Protocol protocol)
    {
        var features = (protocol.ReaderFeatures ?? []).Union(protocol.WriterFeatures ?? []).Order(StringComparer.Ordinal).ToArray();
        return $"reader {protocol.MinReaderVersion}, writer {protocol.MinWriterVersion}{(features.Length == 0 ? "" : $": {string.Join(", ", features)}")}";
    }

    private static string RowsOf(Snapshot snapshot)
    {
        var (rows, without) = (snapshot.Partitions.Values.Sum(partition => partition.Rows), snapshot.Partitions.Values.Sum(partition => partition.FilesWithoutRows));
        return without == 0 ? $"{rows}" : $"at least {rows}: {without} files do not say theirs";
    }
}
