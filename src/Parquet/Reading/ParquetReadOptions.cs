namespace Latecomer.Parquet;

/// <summary>How a file is read, and how much of what it says is believed.</summary>
public sealed record ParquetReadOptions
{
    /// <summary>The defaults.</summary>
    public static ParquetReadOptions Default { get; } = new();

    /// <summary>Whether pages are checked against their checksums, where they have one.</summary>
    public bool VerifyChecksums { get; init; } = true;

    /// <summary>Rows per batch at most.</summary>
    public int BatchRows { get; init; } = 16 * 1024;

    /// <summary>Values per batch, over all columns, that are aimed at: where columns are many or lists long, batches have fewer
    /// rows.</summary>
    public int BatchValues { get; init; } = 1024 * 1024;

    /// <summary>Bytes per batch, over all columns and before compression, that are aimed at: where texts are long, batches have fewer
    /// rows.</summary>
    public int BatchBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Values of a column in a batch at most; what takes more is refused.</summary>
    public int MaxBatchValues { get; init; } = 32 * 1024 * 1024;

    /// <summary>Bytes of the texts or bytes of a column in a batch at most; what takes more is refused.</summary>
    public int MaxBatchBytes { get; init; } = 1024 * 1024 * 1024;

    /// <summary>Bytes of a footer at most; a larger one is refused.</summary>
    public int MaxFooterBytes { get; init; } = 100 * 1024 * 1024;

    /// <summary>Columns, with the groups that they are nested in, at most; a larger schema is refused.</summary>
    public int MaxColumns { get; init; } = 100_000;

    /// <summary>Bytes of a page, compressed or not, at most; a larger one is refused.</summary>
    public int MaxPageBytes { get; init; } = 512 * 1024 * 1024;

    /// <summary>Bytes of a page header at most; a larger one is refused.</summary>
    public int MaxPageHeaderBytes { get; init; } = 1024 * 1024;

    /// <summary>Bytes of memory that a read may hold at a time however small its file is, with
    /// <see cref="MemoryBytesPerFileByte"/> for what the file has on top: pages of all columns, dictionaries, and the batch being made.
    /// What takes more is refused. Batches that were handed over are not counted, nor is the footer, which takes up to some fifty times
    /// its bytes.</summary>
    public long MemoryBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>Bytes of memory that a read may hold for each byte of its file, besides <see cref="MemoryBytes"/>.</summary>
    public int MemoryBytesPerFileByte { get; init; } = 64;

    /// <summary>Bytes of memory that a read of a file of this length may hold.</summary>
    internal long MemoryLimit(long fileLength) => (long)Int128.Min(MemoryBytes + ((Int128)fileLength * MemoryBytesPerFileByte), long.MaxValue);
}
