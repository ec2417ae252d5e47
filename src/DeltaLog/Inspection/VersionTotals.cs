using System.Security.Cryptography;
using System.Text;

namespace Latecomer.DeltaLog;

/// <summary>What a version amounts to. Two readers that agree on it agree on every logical file.</summary>
/// <param name="Version">The version.</param>
/// <param name="Files">Its active files.</param>
/// <param name="RowsByReplay">Their rows by the statistics of the commits, where a checkpoint of the version tells others; null where both agree.</param>
/// <param name="FilesSha256">The hash of the lines <c>path TAB deletion vector id LF</c> of all of them, in <see cref="LogicalFileOrder"/>.</param>
internal sealed record VersionTotals(long Version, FileTotals Files, long? RowsByReplay, string FilesSha256)
{
    /// <param name="state">The version.</param>
    /// <param name="replayed">The same version as its commits made it, where that is known beside a checkpoint.</param>
    internal static VersionTotals Of(SnapshotState state, SnapshotState? replayed)
    {
        var files = Sorted(state);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var totals = default(FileTotals);
        var line = Array.Empty<byte>();
        foreach (var file in files)
        {
            var text = $"{file.Path}\t{file.DeletionVector?.UniqueId}\n";
            var most = Encoding.UTF8.GetMaxByteCount(text.Length);
            line = line.Length < most ? new byte[most] : line;
            hash.AppendData(line, 0, Encoding.UTF8.GetBytes(text, line));
            totals = totals.Plus(FileTotals.Of(file.Size, file.NumRecords, file.DeletionVector));
        }

        return new VersionTotals(state.Version, totals, RowsOf(files, totals, replayed), Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    internal static AddFile[] Sorted(SnapshotState state)
    {
        AddFile[] files = [.. state.Files.All];
        Array.Sort(files, LogicalFileOrder.Instance);
        return files;
    }

    private static long? RowsOf(AddFile[] files, FileTotals stated, SnapshotState? replayed)
    {
        var rows = default(FileTotals);
        foreach (var file in files)
        {
            var known = replayed?.Files.Find(file.Path, file.DeletionVector?.UniqueId) ?? file;
            rows = rows.Plus(FileTotals.Of(known.Size, known.NumRecords, known.DeletionVector));
        }

        return rows.Rows == stated.Rows && rows.FilesWithoutRows == stated.FilesWithoutRows ? null : rows.Rows;
    }
}
