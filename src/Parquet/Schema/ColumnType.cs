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

    /// <summary>A type that is seen in the schema but not read; <paramref name="Description"/> names it. Files
    /// with such columns open, and their other columns read.</summary>
    public sealed record Unsupported(string Description) : ColumnType;
}
