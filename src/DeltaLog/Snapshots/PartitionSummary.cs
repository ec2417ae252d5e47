namespace Latecomer.DeltaLog;

/// <summary>What a snapshot knows of one partition.</summary>
/// <param name="ActiveFiles">Files that are active.</param>
/// <param name="Bytes">Their bytes, as far as known.</param>
/// <param name="Rows">Their rows that are not deleted, as far as known.</param>
/// <param name="FilesWithoutRows">How many of them do not say their rows.</param>
/// <param name="LastDataChange">The last version that added or removed data here; null when that lies before the first commit that was read.</param>
/// <param name="LastDataChangeTime">The time of that version; null when the commit does not say.</param>
public sealed record PartitionSummary(
    int ActiveFiles,
    long Bytes,
    long Rows,
    int FilesWithoutRows,
    long? LastDataChange,
    DateTimeOffset? LastDataChangeTime)
{
    internal static PartitionSummary Empty { get; } = new(0, 0, 0, 0, null, null);

    internal PartitionSummary Plus(AddFile file) => this with
    {
        ActiveFiles = ActiveFiles + 1,
        Bytes = Bytes + (file.Size ?? 0),
        Rows = Rows + (file.LiveRecords ?? 0),
        FilesWithoutRows = FilesWithoutRows + (file.NumRecords is null ? 1 : 0),
    };

    internal PartitionSummary Minus(AddFile file) => this with
    {
        ActiveFiles = ActiveFiles - 1,
        Bytes = Bytes - (file.Size ?? 0),
        Rows = Rows - (file.LiveRecords ?? 0),
        FilesWithoutRows = FilesWithoutRows - (file.NumRecords is null ? 1 : 0),
    };
}
