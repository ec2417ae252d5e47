namespace Latecomer.DeltaLog;

/// <summary>Which rows of a data file are deleted (PROTOCOL.md, "Deletion Vectors"). Only the descriptor: the bitmap is not read here.</summary>
/// <param name="StorageType"><c>u</c>, <c>p</c> or <c>i</c>.</param>
/// <param name="PathOrInlineDv">Where it lies, or its bytes.</param>
/// <param name="Offset">Offset in the file. Absent is not 0: the two are different vectors.</param>
/// <param name="SizeInBytes">Size of the vector.</param>
/// <param name="Cardinality">How many rows it deletes.</param>
public sealed record DeletionVector(string StorageType, string PathOrInlineDv, int? Offset, int SizeInBytes, long Cardinality)
{
    internal const string Relative = "u";
    internal const string Absolute = "p";
    internal const string Inline = "i";
    private const int EncodedUuid = 20;

    /// <summary>The vector's identity; with the path, the identity of a logical file.</summary>
    public string UniqueId { get; } = Offset is { } offset
        ? $"{StorageType}{PathOrInlineDv}@{offset}"
        : StorageType + PathOrInlineDv;

    /// <summary>The path below the table of a vector that is stored there (<c>u</c>): an optional folder and a name made of an encoded UUID. Null for others,
    /// and when it is not encoded as it should be.</summary>
    public string? RelativePath
    {
        get
        {
            if (StorageType != Relative || PathOrInlineDv.Length < EncodedUuid || Z85.TryDecode(PathOrInlineDv.AsSpan()[^EncodedUuid..]) is not { } uuid)
            {
                return null;
            }

            var folder = PathOrInlineDv[..^EncodedUuid];
            var name = $"deletion_vector_{new Guid(uuid, bigEndian: true):D}.bin";
            return folder.Length == 0 ? name : $"{folder}/{name}";
        }
    }
}
