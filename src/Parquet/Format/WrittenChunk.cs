namespace Latecomer.Parquet.Format;

/// <summary>A column chunk as it went into the file, for the footer. Offsets are of the file, sizes with page headers.</summary>
internal sealed record WrittenChunk
{
    public required LeafColumn Leaf { get; init; }

    public required CompressionCodec Codec { get; init; }

    public required long ValueCount { get; init; }

    public required long UncompressedSize { get; init; }

    public required long CompressedSize { get; init; }

    public required long? DictionaryPageOffset { get; init; }

    public required long DataPageOffset { get; init; }

    /// <summary>Number of data pages of dictionary indices.</summary>
    public required int DictionaryEncodedPages { get; init; }

    /// <summary>Number of data pages of plain values.</summary>
    public required int PlainPages { get; init; }

    public required ColumnStatistics Statistics { get; init; }
}

/// <summary>A row group as it went into the file.</summary>
internal sealed record WrittenRowGroup(long RowCount, IReadOnlyList<WrittenChunk> Chunks);
