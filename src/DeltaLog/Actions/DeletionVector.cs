namespace Latecomer.DeltaLog;

/// <summary>Which rows of a data file are deleted (PROTOCOL.md, "Deletion Vectors"). Only the descriptor: the bitmap is not read here.</summary>
/// <param name="StorageType"><c>u</c>, <c>p</c> or <c>i</c>.</param>
/// <param name="PathOrInlineDv">Where it lies, or its bytes.</param>
/// <param name="Offset">Offset in the file. Absent is not 0: the two are different vectors.</param>
/// <param name="SizeInBytes">Size of the vector.</param>
/// <param name="Cardinality">How many rows it deletes.</param>
public sealed record DeletionVector(string StorageType, string PathOrInlineDv, int? Offset, int SizeInBytes, long Cardinality)
{
    /// <summary>The vector's identity; with the path, the identity of a logical file.</summary>
    public string UniqueId { get; } = Offset is { } offset
        ? $"{StorageType}{PathOrInlineDv}@{offset}"
        : StorageType + PathOrInlineDv;
}
