using System.Globalization;
using Latecomer.DeltaLog;

namespace Latecomer.Node.Cli;

/// <summary>Prints commits line by line: as text, or as JSON where a stream for it is given.</summary>
internal sealed class CommitLines(TextWriter text, Stream? json)
{
    /// <summary>Prints a commit, its partitions named by <paramref name="mapping"/>.</summary>
    public void Write(CommitChanges commit, ColumnMapping mapping)
    {
        if (json is not null)
        {
            ChangeLines.Write(json, commit, mapping);
            return;
        }

        var head = $"{commit.Version,6}  {commit.CommitTime?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "no time",-20}  {commit.CommitInfo?.Operation ?? "-",-10}";
        foreach (var change in commit.Partitions)
        {
            text.WriteLine($"{head}  {TableLog.NameOf(mapping.ToLogical(change.Partition))}  {Describe(change)}");
        }

        if (commit.UnknownPartition is { } unknown)
        {
            text.WriteLine($"{head}  (unknown partition)  {Describe(unknown)}");
        }

        if (commit is { Partitions.Count: 0, UnknownPartition: null })
        {
            text.WriteLine($"{head}  no files");
        }
    }

    private static string Describe(PartitionChange change) => string.Join(
        "  ",
        new[] { Describe("+", change.Added), Describe("-", change.Removed), Describe("rearranged +", change.RearrangedAdded), Describe("rearranged -", change.RearrangedRemoved) }
            .Where(side => side.Length > 0));

    private static string Describe(string sign, FileTotals totals) => totals.Files == 0
        ? ""
        : $"{sign}{totals.Files} {(totals.Files == 1 ? "file" : "files")} {(totals.FilesWithoutRows > 0 ? ">=" : "")}{totals.LiveRows} rows {totals.Bytes} bytes";
}
