namespace Latecomer.Parquet;

/// <summary>What is known about the values of a column chunk or file without reading them. Text and bytes are
/// ordered by unsigned bytes; NaN is outside the order.</summary>
public sealed record ColumnStatistics
{
    /// <summary>Number of nulls, or null if unknown.</summary>
    public long? NullCount { get; init; }

    /// <summary>Number of NaNs if it was counted: they are left out of <see cref="Min"/> and <see cref="Max"/>, so a consumer
    /// that orders NaN somewhere has to know of them. Null if unknown, as in every file read.</summary>
    public long? NanCount { get; init; }

    /// <summary>No value is less; null if unknown or there is none.</summary>
    public ColumnValue? Min { get; init; }

    /// <summary>No value is greater; null if unknown or there is none.</summary>
    public ColumnValue? Max { get; init; }

    /// <summary>Whether <see cref="Min"/> and <see cref="Max"/> themselves occur, rather than being shortened bounds.</summary>
    public bool IsExact { get; init; }
}
