namespace Latecomer.Parquet;

/// <summary>How values are stored; numbered as in parquet.thrift (Type).</summary>
public enum PhysicalType
{
    /// <summary>One bit.</summary>
    Boolean = 0,

    /// <summary>Four bytes, little-endian.</summary>
    Int32 = 1,

    /// <summary>Eight bytes, little-endian.</summary>
    Int64 = 2,

    /// <summary>Twelve bytes: the timestamps of old Spark and Impala.</summary>
    Int96 = 3,

    /// <summary>IEEE 754 single.</summary>
    Float = 4,

    /// <summary>IEEE 754 double.</summary>
    Double = 5,

    /// <summary>A length and as many bytes.</summary>
    ByteArray = 6,

    /// <summary>As many bytes as the schema says.</summary>
    FixedLengthByteArray = 7,
}
