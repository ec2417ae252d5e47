namespace Latecomer.Parquet;

/// <summary>How fine the ticks of a timestamp are.</summary>
public enum TimestampUnit
{
    /// <summary>1/1,000 of a second.</summary>
    Millis,

    /// <summary>1/1,000,000 of a second; what Spark writes.</summary>
    Micros,

    /// <summary>1/1,000,000,000 of a second.</summary>
    Nanos,
}

/// <summary>The type of a column's values, and with it the <see cref="ColumnData"/> that holds them.
/// Closed: a switch over it is complete.</summary>
public abstract record ColumnType
{
    private ColumnType()
    {
    }

    /// <summary>True or false; <see cref="ValueColumn{T}"/> of <see cref="bool"/>.</summary>
    public sealed record Boolean : ColumnType;

    /// <summary>8-bit signed integer (Spark's byte); <see cref="ValueColumn{T}"/> of <see cref="int"/>.</summary>
    public sealed record Int8 : ColumnType;

    /// <summary>16-bit signed integer (Spark's short); <see cref="ValueColumn{T}"/> of <see cref="int"/>.</summary>
    public sealed record Int16 : ColumnType;

    /// <summary>32-bit signed integer; <see cref="ValueColumn{T}"/> of <see cref="int"/>.</summary>
    public sealed record Int32 : ColumnType;

    /// <summary>64-bit signed integer; <see cref="ValueColumn{T}"/> of <see cref="long"/>.</summary>
    public sealed record Int64 : ColumnType;

    /// <summary>IEEE 754 single; <see cref="ValueColumn{T}"/> of <see cref="float"/>.</summary>
    public sealed record Float : ColumnType;

    /// <summary>IEEE 754 double; <see cref="ValueColumn{T}"/> of <see cref="double"/>.</summary>
    public sealed record Double : ColumnType;

    /// <summary>UTF-8 text; <see cref="BinaryColumn"/>.</summary>
    public sealed record String : ColumnType;

    /// <summary>Bytes without meaning to us, of any or one length; <see cref="BinaryColumn"/>.</summary>
    public sealed record Binary : ColumnType;

    /// <summary>Days since 1970-01-01 in the proleptic Gregorian calendar; <see cref="ValueColumn{T}"/> of
    /// <see cref="int"/>.</summary>
    public sealed record Date : ColumnType;

    /// <summary>Ticks of <paramref name="Unit"/> since 1970-01-01T00:00:00, in UTC if
    /// <paramref name="AdjustedToUtc"/>, else on a local clock of no named zone; <see cref="ValueColumn{T}"/> of
    /// <see cref="long"/>.</summary>
    public sealed record Timestamp(bool AdjustedToUtc = true, TimestampUnit Unit = TimestampUnit.Micros) : ColumnType;

    /// <summary>8-bit unsigned integer; <see cref="ValueColumn{T}"/> of <see cref="uint"/>.</summary>
    public sealed record UInt8 : ColumnType;

    /// <summary>16-bit unsigned integer; <see cref="ValueColumn{T}"/> of <see cref="uint"/>.</summary>
    public sealed record UInt16 : ColumnType;

    /// <summary>32-bit unsigned integer; <see cref="ValueColumn{T}"/> of <see cref="uint"/>.</summary>
    public sealed record UInt32 : ColumnType;

    /// <summary>64-bit unsigned integer; <see cref="ValueColumn{T}"/> of <see cref="ulong"/>.</summary>
    public sealed record UInt64 : ColumnType;

    /// <summary>IEEE 754 half; <see cref="BinaryColumn"/> of two bytes, little-endian.</summary>
    public sealed record Float16 : ColumnType;

    /// <summary>A number of <paramref name="Scale"/> digits after the point, as its multiple of the last digit:
    /// <see cref="ValueColumn{T}"/> of <see cref="int"/> or <see cref="long"/>, or <see cref="BinaryColumn"/> of two's
    /// complement, big-endian, by how the file stores it.</summary>
    public sealed record Decimal(int Precision, int Scale) : ColumnType;

    /// <summary>Ticks of <paramref name="Unit"/> since midnight; <see cref="ValueColumn{T}"/> of <see cref="int"/> for
    /// milliseconds, else of <see cref="long"/>.</summary>
    public sealed record Time(bool AdjustedToUtc, TimestampUnit Unit) : ColumnType;

    /// <summary>A UUID; <see cref="BinaryColumn"/> of 16 bytes in the order of its text.</summary>
    public sealed record Uuid : ColumnType;

    /// <summary>The timestamps of old Spark and Impala, in UTC; <see cref="ValueColumn{T}"/> of <see cref="Latecomer.Parquet.Int96"/>.</summary>
    public sealed record Int96 : ColumnType;

    /// <summary>Any number of elements in order; <see cref="ListColumn"/>.</summary>
    public sealed record List(ParquetColumn Element) : ColumnType;

    /// <summary>Pairs of key and value, in the order of the file; <see cref="MapColumn"/>. Files may lack the value: then every
    /// value is null, and <paramref name="Value"/> too.</summary>
    public sealed record Map(ParquetColumn Key, ParquetColumn? Value) : ColumnType;

    /// <summary>Named fields; <see cref="StructColumn"/>.</summary>
    public sealed record Struct(IReadOnlyList<ParquetColumn> Fields) : ColumnType
    {
        /// <summary>The position of the first field of this exact name, or -1.</summary>
        public int IndexOf(string name)
        {
            for (var ordinal = 0; ordinal < Fields.Count; ordinal++)
            {
                if (string.Equals(Fields[ordinal].Name, name, StringComparison.Ordinal))
                {
                    return ordinal;
                }
            }

            return -1;
        }

        /// <inheritdoc/>
        public bool Equals(Struct? other) => other is not null && Fields.SequenceEqual(other.Fields);

        /// <inheritdoc/>
        public override int GetHashCode() => Fields.Aggregate(Fields.Count, HashCode.Combine);
    }
}
