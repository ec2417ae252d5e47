namespace Latecomer.Parquet;

/// <summary>What a file's footer says, checked for consistency with itself and with the file's length.</summary>
public sealed record ParquetFileMetadata
{
    /// <summary>The format version, 1 or 2 in practice.</summary>
    public required int Version { get; init; }

    /// <summary>The program that wrote the file.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>Number of rows of all row groups.</summary>
    public required long RowCount { get; init; }

    /// <summary>The top-level columns.</summary>
    public required ParquetSchema Schema { get; init; }

    /// <summary>The leaves of the schema in the order of each row group's chunks.</summary>
    public required IReadOnlyList<StoredColumn> StoredColumns { get; init; }

    /// <summary>What the writer noted about the file, in order; a key may repeat or lack a value.</summary>
    public required IReadOnlyList<KeyValuePair<string, string?>> KeyValueMetadata { get; init; }

    /// <summary>The row groups in file order.</summary>
    public required IReadOnlyList<RowGroupMetadata> RowGroups { get; init; }
}

/// <summary>A horizontal slice of a file.</summary>
public sealed record RowGroupMetadata
{
    /// <summary>Number of rows.</summary>
    public required long RowCount { get; init; }

    /// <summary>The leaf columns' chunks, in schema order.</summary>
    public required IReadOnlyList<ColumnChunkMetadata> Columns { get; init; }
}

/// <summary>The pages of one leaf column in one row group.</summary>
public sealed record ColumnChunkMetadata
{
    /// <summary>The names from the root to the leaf, joined by dots.</summary>
    public required string Path { get; init; }

    /// <summary>How values are stored.</summary>
    public required PhysicalType PhysicalType { get; init; }

    /// <summary>How pages are compressed.</summary>
    public required CompressionCodec Codec { get; init; }

    /// <summary>The encodings that occur in the chunk.</summary>
    public required IReadOnlyList<PageEncoding> Encodings { get; init; }

    /// <summary>Number of values, nulls included.</summary>
    public required long ValueCount { get; init; }

    /// <summary>Where the first page begins.</summary>
    public required long Offset { get; init; }

    /// <summary>Bytes of all pages with their headers, as stored.</summary>
    public required long CompressedSize { get; init; }

    /// <summary>The same before compression.</summary>
    public required long UncompressedSize { get; init; }

    /// <summary>What the writer recorded about the values; null if nothing that can be relied on.</summary>
    public ColumnStatistics? Statistics { get; init; }
}
