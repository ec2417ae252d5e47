using Latecomer.DeltaLog;

namespace Latecomer.Tests.Integration.DeltaLog;

/// <summary>What each version of the table of <c>writer.mjs</c> holds and changes, by the version alone.</summary>
internal static class WrittenTable
{
    private const int Days = 7;
    private const int FilesPerCommit = 3;
    private const int Lifetime = 40;
    private const int RearrangedAfter = 5;

    /// <summary>The active files of a version.</summary>
    internal static IEnumerable<WrittenFile> FilesAt(long version)
    {
        for (var birth = Math.Max(1, version - Lifetime + 1); birth <= version; birth++)
        {
            foreach (var file in Born(birth))
            {
                yield return file.Index == 0 && IsRearranging(birth + RearrangedAfter) && birth + RearrangedAfter <= version ? file.Moved() : file;
            }
        }
    }

    /// <summary>What a version changes, by partition; empty for the first.</summary>
    internal static Dictionary<PartitionValues, PartitionChange> ChangesOf(long version)
    {
        var changes = new Dictionary<PartitionValues, PartitionChange>();
        foreach (var file in Born(version))
        {
            Count(file, (change, totals) => change with { Added = change.Added.Plus(totals) });
        }

        foreach (var file in FilesAt(version - 1).Where(file => file.Birth == version - Lifetime))
        {
            Count(file, (change, totals) => change with { Removed = change.Removed.Plus(totals) });
        }

        foreach (var file in Born(version - RearrangedAfter).Where(file => file.Index == 0 && IsRearranging(version)))
        {
            Count(file, (change, totals) => change with { RearrangedRemoved = change.RearrangedRemoved.Plus(totals) });
            Count(file.Moved(), (change, totals) => change with { RearrangedAdded = change.RearrangedAdded.Plus(totals) });
        }

        return changes;

        void Count(WrittenFile file, Func<PartitionChange, FileTotals, PartitionChange> plus)
        {
            var partition = PartitionValues.Of("day", file.Day);
            var change = changes.GetValueOrDefault(partition) ?? new PartitionChange(partition, default, default, default, default);
            changes[partition] = plus(change, new FileTotals(1, file.Size, file.Rows, file.Rows));
        }
    }

    private static bool IsRearranging(long version) => version % 10 == 0;

    private static IEnumerable<WrittenFile> Born(long version)
    {
        for (var index = 0; version > 0 && !IsRearranging(version) && index < FilesPerCommit; index++)
        {
            var day = $"d{(version + index) % Days}";
            yield return new WrittenFile(version, index, $"day={day}/v{version}-{index}.parquet", day, 100 + version + index, 10 + (((version * 3) + index) % 17));
        }
    }

    /// <summary>A file of the table.</summary>
    internal sealed record WrittenFile(long Birth, int Index, string Path, string Day, long Size, long Rows)
    {
        /// <summary>The same rows in another file.</summary>
        internal WrittenFile Moved() => this with { Path = Path.Replace(".parquet", "-moved.parquet", StringComparison.Ordinal), Size = Size + 5 };
    }
}
