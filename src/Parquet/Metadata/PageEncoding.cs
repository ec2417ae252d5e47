namespace Latecomer.Parquet;

/// <summary>How the values of a page are encoded; numbered as in parquet.thrift (Encoding).</summary>
public enum PageEncoding
{
    /// <summary>One value after the other.</summary>
    Plain = 0,

    /// <summary>Indices into a dictionary, by its old name.</summary>
    PlainDictionary = 2,

    /// <summary>Runs and bit-packed groups.</summary>
    Rle = 3,

    /// <summary>Bit-packed levels, most significant bit first (deprecated).</summary>
    BitPacked = 4,

    /// <summary>Differences of integers.</summary>
    DeltaBinaryPacked = 5,

    /// <summary>Lengths, then all bytes.</summary>
    DeltaLengthByteArray = 6,

    /// <summary>Shared prefixes, then suffixes.</summary>
    DeltaByteArray = 7,

    /// <summary>Indices into a dictionary.</summary>
    RleDictionary = 8,

    /// <summary>The bytes of the values, by their significance.</summary>
    ByteStreamSplit = 9,
}
