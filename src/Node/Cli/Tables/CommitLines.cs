using System.Globalization;
using Latecomer.DeltaLog;
using Spectre.Console;

namespace Latecomer.Node.Cli;

/// <summary>Prints commits line by line, one for each partition that they changed.</summary>
internal sealed class CommitLines(TextWriter text, Printer printer)
{
    /// <summary>Prints a commit, its partitions named by <paramref name="mapping"/>.</summary>
    public async Task Write(CommitChanges commit, ColumnMapping mapping)
    {
        if (printer.IsDocument)
        {
            await printer.Document(
                stream =>
                {
                    ChangeLines.Write(stream, commit, mapping);
                    return Task.CompletedTask;
                },
                isOneOfMany: true);
            return;
        }

        foreach (var (partition, change) in Lines(commit, mapping))
        {
            Write(commit, partition, change);
        }
    }

    private static IEnumerable<(string Partition, string Change)> Lines(CommitChanges commit, ColumnMapping mapping)
    {
        foreach (var change in commit.Partitions)
        {
            yield return (TableLog.NameOf(mapping.ToLogical(change.Partition)), Describe(change));
        }

        if (commit.UnknownPartition is { } unknown)
        {
            yield return ("(unknown partition)", Describe(unknown));
        }

        if (commit is { Partitions.Count: 0, UnknownPartition: null })
        {
            yield return ("no files", "");
        }
    }

    private void Write(CommitChanges commit, string partition, string change)
    {
        var (time, operation) = (commit.CommitTime?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "no time", commit.CommitInfo?.Operation ?? "-");
        if (printer.IsTable)
        {
            text.WriteLine($"{commit.Version,6}  {time,-20}  {operation,-10}  {partition}  {change}".TrimEnd());
            return;
        }

        printer.Rows([], [[$"{commit.Version}", time, .. new[] { operation, partition, change }.Select(Markup.Escape)]]);
    }

    private static string Describe(PartitionChange change) => string.Join(
        "  ",
        new[] { Describe("+", change.Added), Describe("-", change.Removed), Describe("rearranged +", change.RearrangedAdded), Describe("rearranged -", change.RearrangedRemoved) }
            .Where(side => side.Length > 0));

    private static string Describe(string sign, FileTotals totals) => totals.Files == 0
        ? ""
        : $"{sign}{totals.Files} {(totals.Files == 1 ? "file" : "files")} {(totals.FilesWithoutRows > 0 ? ">=" : "")}{totals.LiveRows} rows {totals.Bytes} bytes";
}
