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

    /// <summary>Values per batch and column that are aimed at: where lists are long, batches have fewer rows.</summary>
    public int BatchValues { get; init; } = 1024 * 1024;

    /// <summary>Values of a column in a batch at most; what takes more is refused.</summary>
    public int MaxBatchValues { get; init; } = 32 * 1024 * 1024;

    /// <summary>Bytes of the texts or bytes of a column in a batch at most; what takes more is refused.</summary>
    public int MaxBatchBytes { get; init; } = 1024 * 1024 * 1024;

    /// <summary>Bytes of a footer at most; a larger one is refused.</summary>
    public int MaxFooterBytes { get; init; } = 256 * 1024 * 1024;

    /// <summary>Bytes of a page, compressed or not, at most; a larger one is refused.</summary>
    public int MaxPageBytes { get; init; } = 512 * 1024 * 1024;

    /// <summary>Bytes of a page header at most; a larger one is refused.</summary>
    public int MaxPageHeaderBytes { get; init; } = 1024 * 1024;
}
