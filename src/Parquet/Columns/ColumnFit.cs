namespace Latecomer.Parquet;

/// <summary>Which <see cref="ColumnData"/> holds the values of which <see cref="ColumnType"/>.</summary>
internal static class ColumnFit
{
    public static bool Fits(ColumnType type, ColumnData data) => type switch
    {
        ColumnType.Boolean => data is ValueColumn<bool>,
        ColumnType.Int8 or ColumnType.Int16 or ColumnType.Int32 or ColumnType.Date => data is ValueColumn<int>,
        ColumnType.UInt8 or ColumnType.UInt16 or ColumnType.UInt32 => data is ValueColumn<uint>,
        ColumnType.Int64 or ColumnType.Timestamp => data is ValueColumn<long>,
        ColumnType.UInt64 => data is ValueColumn<ulong>,
        ColumnType.Time time => time.Unit == TimestampUnit.Millis ? data is ValueColumn<int> : data is ValueColumn<long>,
        ColumnType.Decimal => data is ValueColumn<int> or ValueColumn<long> or BinaryColumn,
        ColumnType.Float => data is ValueColumn<float>,
        ColumnType.Double => data is ValueColumn<double>,
        ColumnType.Int96 => data is ValueColumn<Int96>,
        ColumnType.String or ColumnType.Binary or ColumnType.Uuid or ColumnType.Float16 => data is BinaryColumn,
        ColumnType.List => data is ListColumn,
        ColumnType.Map => data is MapColumn,
        ColumnType.Struct => data is StructColumn,
        _ => false,
    };
}
