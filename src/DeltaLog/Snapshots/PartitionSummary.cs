namespace Latecomer.DeltaLog;

/// <summary>What a partition holds at a version.</summary>
/// <param name="ActiveFiles">Files that are active.</param>
/// <param name="Bytes">Their bytes, as far as known.</param>
/// <param name="Rows">Their rows that are not deleted, as far as known.</param>
/// <param name="FilesWithoutRows">How many of them do not say their rows.</param>
public sealed record PartitionSummary(int ActiveFiles, long Bytes, long Rows, int FilesWithoutRows)
{
    /// <summary>Nothing.</summary>
    public static PartitionSummary Empty { get; } = new(0, 0, 0, 0);

    internal PartitionSummary Plus(AddFile file) => new(
        ActiveFiles + 1,
        Bytes + (file.Size ?? 0),
        Rows + (file.LiveRecords ?? 0),
        FilesWithoutRows + (file.NumRecords is null ? 1 : 0));

    internal PartitionSummary Minus(AddFile file) => new(
        ActiveFiles - 1,
        Bytes - (file.Size ?? 0),
        Rows - (file.LiveRecords ?? 0),
        FilesWithoutRows - (file.NumRecords is null ? 1 : 0));
}
