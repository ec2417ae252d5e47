using System.Diagnostics;

namespace Latecomer.Parquet;

/// <summary>Compares values with the bounds of statistics.</summary>
internal static class BoundOrder
{
    /// <summary>Throws <see cref="ArgumentException"/> unless a column of this type can have the value.</summary>
    public static void Check(ColumnPath column, ColumnType type, ColumnValue value)
    {
        var fits = type switch
        {
            ColumnType.Boolean => value is ColumnValue.Flag,
            ColumnType.UInt64 => value is ColumnValue.Unsigned,
            ColumnType.Float or ColumnType.Double => value is ColumnValue.Real,
            ColumnType.String or ColumnType.Binary => value is ColumnValue.Bytes,
            ColumnType.Int8 or ColumnType.Int16 or ColumnType.Int32 or ColumnType.Int64 => value is ColumnValue.Integer,
            ColumnType.UInt8 or ColumnType.UInt16 or ColumnType.UInt32 => value is ColumnValue.Integer,
            ColumnType.Date or ColumnType.Time or ColumnType.Timestamp => value is ColumnValue.Integer,
            ColumnType.Decimal => value is ColumnValue.Integer or ColumnValue.Bytes,
            _ => true,
        };
        if (!fits)
        {
            throw new ArgumentException($"Column '{column}' is of type {type}, and is not compared with {value}.", nameof(value));
        }
    }

    /// <summary>Whether a value between the bounds may compare so with <paramref name="value"/>. A bound that is missing, or that contradicts the
    /// other, says nothing.</summary>
    public static bool MayMatch(ColumnStatistics statistics, Comparison how, ColumnValue value)
    {
        var (min, max) = (statistics.Min, statistics.Max);
        if (min is not null && max is not null && Compare(min, max) is not <= 0)
        {
            (min, max) = (null, null);
        }

        // Bounds leave NaN out, so that there may be one behind any maximum.
        var mayHaveNan = (value is ColumnValue.Real || min is ColumnValue.Real || max is ColumnValue.Real) && statistics.NanCount is not 0;
        if (value is ColumnValue.Real { Value: double.NaN })
        {
            return mayHaveNan || how is not Comparison.Equal;
        }

        var (fromMin, toMax) = (Compare(min, value), Compare(max, value));
        return how switch
        {
            Comparison.Equal => fromMin is not > 0 && toMax is not < 0,
            Comparison.NotEqual => mayHaveNan || !(fromMin is 0 && toMax is 0),
            Comparison.Less => fromMin is not >= 0,
            Comparison.LessOrEqual => fromMin is not > 0,
            Comparison.Greater => mayHaveNan || toMax is not <= 0,
            Comparison.GreaterOrEqual => mayHaveNan || toMax is not < 0,
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>The order of two values; null if they have none.</summary>
    private static int? Compare(ColumnValue? left, ColumnValue? right) => (left, right) switch
    {
        (ColumnValue.Flag a, ColumnValue.Flag b) => a.Value.CompareTo(b.Value),
        (ColumnValue.Integer a, ColumnValue.Integer b) => a.Value.CompareTo(b.Value),
        (ColumnValue.Unsigned a, ColumnValue.Unsigned b) => a.Value.CompareTo(b.Value),
        (ColumnValue.Real { Value: double.NaN }, _) or (_, ColumnValue.Real { Value: double.NaN }) => null,
        (ColumnValue.Real a, ColumnValue.Real b) => a.Value.CompareTo(b.Value),
        (ColumnValue.Bytes a, ColumnValue.Bytes b) => a.Value.Span.SequenceCompareTo(b.Value.Span),
        _ => null,
    };
}
