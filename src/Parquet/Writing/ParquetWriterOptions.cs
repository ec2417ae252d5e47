namespace Latecomer.Parquet;

/// <summary>How a file is written.</summary>
public sealed record ParquetWriterOptions
{
    /// <summary>The defaults: Snappy, dictionaries, row groups of about 128 MB.</summary>
    public static ParquetWriterOptions Default { get; } = new();

    /// <summary><see cref="CompressionCodec.Snappy"/>, <see cref="CompressionCodec.Zstd"/> or <see cref="CompressionCodec.Uncompressed"/>.
    /// Zstandard needs the system's libzstd.</summary>
    public CompressionCodec Codec { get; init; } = CompressionCodec.Snappy;

    /// <summary>Rows of a row group at most.</summary>
    public int RowGroupRows { get; init; } = 1024 * 1024;

    /// <summary>Encoded bytes after which a row group ends.</summary>
    public long RowGroupBytes { get; init; } = 128L * 1024 * 1024;

    /// <summary>Encoded bytes after which a page ends, with the row that it is in.</summary>
    public int PageBytes { get; init; } = 1024 * 1024;

    /// <summary>Rows of a page at most; where columns repeat, values after which it ends, with the row that they are in.</summary>
    public int PageRows { get; init; } = 20_000;

    /// <summary>Whether to try dictionaries.</summary>
    public bool UseDictionary { get; init; } = true;

    /// <summary>Bytes of a dictionary at most; a column that needs more goes on plain.</summary>
    public int DictionaryBytes { get; init; } = 1024 * 1024;

    /// <summary>Bytes of a text or binary bound in the footer's statistics at most; longer ones are shortened.</summary>
    public int StatisticsBytes { get; init; } = 64;

    /// <summary>What the footer says wrote the file.</summary>
    public string CreatedBy { get; init; } = "latecomer version 0.1.0";

    /// <summary>Notes for the footer, such as Spark's row schema.</summary>
    public IReadOnlyList<KeyValuePair<string, string?>> KeyValueMetadata { get; init; } = [];

    /// <summary>What cannot be followed in these options, or null.</summary>
    internal string? Problem => this switch
    {
        { Codec: not (CompressionCodec.Snappy or CompressionCodec.Zstd or CompressionCodec.Uncompressed) } => $"The codec {Codec} is not written.",
        { RowGroupRows: < 1 } or { RowGroupBytes: < 1 } => "A row group needs room for a row.",
        { PageRows: < 1 } or { PageBytes: < 1 } => "A page needs room for a row.",
        { DictionaryBytes: < 0 } => "A dictionary has no bytes at least.",
        { StatisticsBytes: < 1 } => "Shortened bounds need room for a byte.",
        _ => null,
    };
}
