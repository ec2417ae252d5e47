namespace Latecomer.Parquet;

/// <summary>How pages are compressed; numbered as in parquet.thrift (CompressionCodec).</summary>
public enum CompressionCodec
{
    /// <summary>Not at all.</summary>
    Uncompressed = 0,

    /// <summary>Snappy, raw blocks.</summary>
    Snappy = 1,

    /// <summary>Gzip members.</summary>
    Gzip = 2,

    /// <summary>LZO.</summary>
    Lzo = 3,

    /// <summary>Brotli.</summary>
    Brotli = 4,

    /// <summary>LZ4 in Hadoop's framing, or none of it.</summary>
    Lz4 = 5,

    /// <summary>Zstandard.</summary>
    Zstd = 6,

    /// <summary>LZ4, raw blocks.</summary>
    Lz4Raw = 7,
}
