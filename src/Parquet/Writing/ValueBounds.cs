using System.Numerics;

namespace Latecomer.Parquet.Writing;

/// <summary>The least and greatest of a chunk's numbers. NaN is counted and stays out of both.</summary>
internal sealed class ValueBounds<T>
    where T : unmanaged, INumber<T>
{
    private bool isEmpty = true;
    private T min;
    private T max;
    private long nanCount;

    public void Add(ReadOnlySpan<T> values)
    {
        var index = 0;
        for (; isEmpty && index < values.Length; index++)
        {
            if (T.IsNaN(values[index]))
            {
                nanCount++;
                continue;
            }

            (min, max, isEmpty) = (values[index], values[index], false);
        }

        var (least, greatest) = (min, max);
        for (; index < values.Length; index++)
        {
            var value = values[index];
            if (T.IsNaN(value))
            {
                nanCount++;
                continue;
            }

            least = value < least ? value : least;
            greatest = value > greatest ? value : greatest;
        }

        (min, max) = (least, greatest);
    }

    /// <summary>Gives the statistics and begins anew.</summary>
    public ColumnStatistics Take()
    {
        var statistics = new ColumnStatistics
        {
            Min = isEmpty ? null : ToValue(min),
            Max = isEmpty ? null : ToValue(max),
            NanCount = nanCount,
            IsExact = true,
        };
        (isEmpty, nanCount) = (true, 0);
        return statistics;
    }

    private static ColumnValue ToValue(T value)
    {
        if (typeof(T) == typeof(float) || typeof(T) == typeof(double))
        {
            return new ColumnValue.Real(double.CreateChecked(value));
        }

        return typeof(T) == typeof(ulong) ? new ColumnValue.Unsigned(ulong.CreateChecked(value)) : new ColumnValue.Integer(long.CreateChecked(value));
    }
}
