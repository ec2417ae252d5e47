using System.Numerics;
using Latecomer.Parquet;

namespace Latecomer.DeltaLog;

/// <summary>Widens values to the table's type.</summary>
internal static class ValueFit
{
    private const long MicrosPerDay = 86_400_000_000;
    private const int MostDigitsOfLong = 18;

    /// <summary>More than 38 digits take.</summary>
    private const int MostDecimalBytes = 32;

    /// <summary>The data as another type; null when it is none that the protocol lets a table widen to, nor another form of the same. Takes the data over.</summary>
    /// <exception cref="OverflowException">A value is beyond what the other type holds.</exception>
    internal static ColumnData? TryFit(ColumnType stored, ColumnData data, ColumnType type) => (stored, type, data) switch
    {
        (ColumnType.String or ColumnType.Binary, ColumnType.String or ColumnType.Binary, _) => data,
        (ColumnType.Int8 or ColumnType.Int16 or ColumnType.Int32, ColumnType.Int8 or ColumnType.Int16 or ColumnType.Int32, _) => data,
        (ColumnType.Int8 or ColumnType.Int16 or ColumnType.Int32, ColumnType.Int64, ValueColumn<int> numbers) => Map(numbers, number => (long)number),
        (ColumnType.Int8 or ColumnType.Int16 or ColumnType.Int32, ColumnType.Double, ValueColumn<int> numbers) => Map(numbers, number => (double)number),
        (ColumnType.Float, ColumnType.Double, ValueColumn<float> numbers) => Map(numbers, number => (double)number),
        (ColumnType.Timestamp from, ColumnType.Timestamp, ValueColumn<long> times) => ToMicros(times, from.Unit),
        (ColumnType.Int96, ColumnType.Timestamp, ValueColumn<Int96> times) => Map(times, ToMicros),
        (ColumnType.Date, ColumnType.Timestamp { AdjustedToUtc: false }, ValueColumn<int> days) => Map(days, day => checked(day * MicrosPerDay)),
        (ColumnType.Decimal from, ColumnType.Decimal to, _) when from.Scale == to.Scale => data,
        (ColumnType.Decimal from, ColumnType.Decimal to, _) when from.Scale < to.Scale => Rescale(data, to, to.Scale - from.Scale),
        (ColumnType.Int8 or ColumnType.Int16 or ColumnType.Int32 or ColumnType.Int64, ColumnType.Decimal to, _) => Rescale(data, to, to.Scale),
        _ when stored == type => data,
        _ => null,
    };

    private static ValueColumn<TTo> Map<TFrom, TTo>(ValueColumn<TFrom> data, Func<TFrom, TTo> map)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        using (data)
        {
            var mapped = new TTo[data.Length];
            for (var row = 0; row < mapped.Length; row++)
            {
                mapped[row] = data.IsNull(row) ? default : map(data.Values[row]);
            }

            return data.NullCount == 0 ? new ValueColumn<TTo>(mapped) : new ValueColumn<TTo>(mapped, data.Validity.ToArray());
        }
    }

    private static ValueColumn<long> ToMicros(ValueColumn<long> times, TimestampUnit unit) => unit switch
    {
        TimestampUnit.Micros => times,
        TimestampUnit.Millis => Map(times, time => checked(time * 1000)),
        _ => Map(times, FloorToMicros),
    };

    private static long ToMicros(Int96 time) => checked((time.EpochDay * MicrosPerDay) + FloorToMicros(time.NanosOfDay));

    private static long FloorToMicros(long nanos) => (nanos / 1000) - (nanos % 1000 < 0 ? 1 : 0);

    private static ColumnData Rescale(ColumnData data, ColumnType.Decimal to, int zeros)
    {
        using (data)
        {
            var (factor, limit) = (BigInteger.Pow(10, zeros), BigInteger.Pow(10, to.Precision));
            BigInteger?[] values = [.. Enumerable.Range(0, data.Length).Select(row => data.IsNull(row) ? (BigInteger?)null : factor * Unscaled(data, row))];
            if (Array.Exists(values, value => value >= limit || value <= -limit))
            {
                throw new OverflowException();
            }

            return to.Precision <= MostDigitsOfLong
                ? ValueColumn<long>.From([.. values.Select(value => (long?)value)])
                : BinaryColumn.From([.. values.Select(value => value?.ToByteArray(isUnsigned: false, isBigEndian: true))]);
        }
    }

    private static BigInteger Unscaled(ColumnData data, int row) => data switch
    {
        ValueColumn<int> numbers => numbers.Values[row],
        ValueColumn<long> numbers => numbers.Values[row],
        BinaryColumn bytes when bytes.GetBytes(row).Length > MostDecimalBytes => throw new OverflowException(),
        BinaryColumn bytes => new BigInteger(bytes.GetBytes(row), isUnsigned: false, isBigEndian: true),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
