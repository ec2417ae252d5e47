using System.Diagnostics;
using System.Text;
using Latecomer.Parquet;

namespace Latecomer.DeltaLog;

/// <summary>Columns that no file holds: of nothing but nulls, for those that came to a table after the file; and of a partition's value.</summary>
internal static class ConstantColumns
{
    /// <summary>A column without a value in any row.</summary>
    internal static ColumnData Nulls(ColumnType type, int rows) => type switch
    {
        ColumnType.String or ColumnType.Binary => BinaryColumn.From(new byte[]?[rows]),
        ColumnType.Boolean => ValueColumn<bool>.From(new bool?[rows]),
        ColumnType.Int8 or ColumnType.Int16 or ColumnType.Int32 or ColumnType.Date => ValueColumn<int>.From(new int?[rows]),
        ColumnType.Int64 or ColumnType.Timestamp or ColumnType.Decimal => ValueColumn<long>.From(new long?[rows]),
        ColumnType.Float => ValueColumn<float>.From(new float?[rows]),
        ColumnType.Double => ValueColumn<double>.From(new double?[rows]),
        ColumnType.List list => new ListColumn(new int[rows + 1], new bool[rows], Nulls(list.Element.Type, 0)),
        ColumnType.Map map => new MapColumn(new int[rows + 1], new bool[rows], Nulls(map.Key.Type, 0), Nulls(map.Value!.Type, 0)),
        ColumnType.Struct group => new StructColumn(group, [.. group.Fields.Select(field => Nulls(field.Type, rows))], new bool[rows]),
        _ => throw new UnreachableException(),
    };

    /// <summary>A column with one value in all rows.</summary>
    internal static ColumnData Of(PartitionValue value, ColumnType type, int rows) => (value, type) switch
    {
        (PartitionValue.Missing, _) => Nulls(type, rows),
        (PartitionValue.Text text, _) => Bytes(Encoding.UTF8.GetBytes(text.Value), rows),
        (PartitionValue.Bytes bytes, _) => Bytes(bytes.Value.ToArray(), rows),
        (PartitionValue.Flag flag, _) => Values(flag.Value, rows),
        (PartitionValue.Integer number, ColumnType.Int64) => Values(number.Value, rows),
        (PartitionValue.Integer number, _) => Values((int)number.Value, rows),
        (PartitionValue.Real real, ColumnType.Float) => Values((float)real.Value, rows),
        (PartitionValue.Real real, _) => Values(real.Value, rows),
        (PartitionValue.Decimal number, _) => number.Unscaled >= long.MinValue && number.Unscaled <= long.MaxValue
            ? Values((long)number.Unscaled, rows)
            : Bytes(number.Unscaled.ToByteArray(isUnsigned: false, isBigEndian: true), rows),
        (PartitionValue.Date date, _) => Values(date.Days, rows),
        (PartitionValue.Timestamp time, _) => Values(time.Micros, rows),
        _ => throw new UnreachableException(),
    };

    private static ValueColumn<T> Values<T>(T value, int rows)
        where T : unmanaged
    {
        var values = new T[rows];
        values.AsSpan().Fill(value);
        return new ValueColumn<T>(values);
    }

    private static ColumnData Bytes(byte[] value, int rows) => BinaryColumn.From([value]).Take(new int[rows]);
}
