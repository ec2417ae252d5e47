namespace Latecomer.DeltaLog;

/// <summary>What file actions amount to, each counted once as written. A count of rows or bytes is exact only if no file lacks it.</summary>
/// <param name="Files">How many files.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Rows">Their rows, deleted ones included.</param>
/// <param name="LiveRows">Their rows that are not deleted.</param>
/// <param name="FilesWithoutRows">How many files do not say their rows.</param>
/// <param name="FilesWithoutBytes">How many files do not say their size.</param>
/// <param name="FilesWithDeletionVector">How many files have deleted rows.</param>
public readonly record struct FileTotals(
    int Files,
    long Bytes,
    long Rows,
    long LiveRows,
    int FilesWithoutRows = 0,
    int FilesWithoutBytes = 0,
    int FilesWithDeletionVector = 0)
{
    /// <summary>The sum of two.</summary>
    public FileTotals Plus(FileTotals other) => new(
        Files + other.Files,
        Bytes + other.Bytes,
        Rows + other.Rows,
        LiveRows + other.LiveRows,
        FilesWithoutRows + other.FilesWithoutRows,
        FilesWithoutBytes + other.FilesWithoutBytes,
        FilesWithDeletionVector + other.FilesWithDeletionVector);

    internal static FileTotals Of(long? bytes, long? rows, DeletionVector? deletionVector) => new(
        1,
        bytes ?? 0,
        rows ?? 0,
        rows is { } known ? known - (deletionVector?.Cardinality ?? 0) : 0,
        rows is null ? 1 : 0,
        bytes is null ? 1 : 0,
        deletionVector is null ? 0 : 1);
}
