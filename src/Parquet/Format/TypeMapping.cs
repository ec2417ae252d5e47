namespace Latecomer.Parquet.Format;

/// <summary>From the annotations of the format (LogicalTypes.md) to the types of columns; <see cref="TypeAnnotation"/> is the way back. Logical types
/// win over converted ones, which older files have alone.</summary>
internal static class TypeMapping
{
    /// <summary>The greatest scale believed: beyond it a decimal's zeros would be the file's.</summary>
    private const int MaxScale = 1_000;

    /// <summary>What a leaf's values are. An annotation that does not fit the physical type, or that nobody here has heard of, is
    /// passed over.</summary>
    public static ColumnType ToColumnType(SchemaElement element) => element.Type switch
    {
        PhysicalType.Boolean => new ColumnType.Boolean(),
        PhysicalType.Float => new ColumnType.Float(),
        PhysicalType.Double => new ColumnType.Double(),
        PhysicalType.Int96 => new ColumnType.Int96(),
        _ when OfDecimal(element) is { } type => type,
        PhysicalType.Int32 => OfInt32(element),
        PhysicalType.Int64 => OfInt64(element),
        _ => OfBytes(element),
    };

    private static ColumnType.Decimal? OfDecimal(SchemaElement element)
    {
        var (precision, scale) = (element.Precision, element.Scale);
        switch (element.Logical)
        {
            case LogicalAnnotation.Decimal logical:
                (precision, scale) = (logical.Precision, logical.Scale);
                break;
            case null when element.Converted == ConvertedType.Decimal:
                break;
            default:
                return null;
        }

        return scale is >= 0 and <= MaxScale && precision >= 0
            ? new ColumnType.Decimal(precision, scale)
            : throw ParquetException.Corrupt($"The column is said to hold decimals of {precision} digits with {scale} after the point.");
    }

    private static ColumnType OfInt32(SchemaElement element) => (element.Logical, element.Converted) switch
    {
        (LogicalAnnotation.Date, _) or (null, ConvertedType.Date) => new ColumnType.Date(),
        (LogicalAnnotation.Time { Unit: TimestampUnit.Millis } time, _) => new ColumnType.Time(time.AdjustedToUtc, time.Unit),
        (null, ConvertedType.TimeMillis) => new ColumnType.Time(AdjustedToUtc: true, TimestampUnit.Millis),
        (LogicalAnnotation.Integer { Signed: true, Bits: 8 }, _) or (null, ConvertedType.Int8) => new ColumnType.Int8(),
        (LogicalAnnotation.Integer { Signed: true, Bits: 16 }, _) or (null, ConvertedType.Int16) => new ColumnType.Int16(),
        (LogicalAnnotation.Integer { Signed: false, Bits: 8 }, _) or (null, ConvertedType.UInt8) => new ColumnType.UInt8(),
        (LogicalAnnotation.Integer { Signed: false, Bits: 16 }, _) or (null, ConvertedType.UInt16) => new ColumnType.UInt16(),
        (LogicalAnnotation.Integer { Signed: false }, _) or (null, ConvertedType.UInt32) => new ColumnType.UInt32(),
        _ => new ColumnType.Int32(),
    };

    private static ColumnType OfInt64(SchemaElement element) => (element.Logical, element.Converted) switch
    {
        (LogicalAnnotation.Timestamp timestamp, _) => new ColumnType.Timestamp(timestamp.AdjustedToUtc, timestamp.Unit),
        (null, ConvertedType.TimestampMillis) => new ColumnType.Timestamp(AdjustedToUtc: true, TimestampUnit.Millis),
        (null, ConvertedType.TimestampMicros) => new ColumnType.Timestamp(AdjustedToUtc: true, TimestampUnit.Micros),
        (LogicalAnnotation.Time { Unit: not TimestampUnit.Millis } time, _) => new ColumnType.Time(time.AdjustedToUtc, time.Unit),
        (null, ConvertedType.TimeMicros) => new ColumnType.Time(AdjustedToUtc: true, TimestampUnit.Micros),
        (LogicalAnnotation.Integer { Signed: false }, _) or (null, ConvertedType.UInt64) => new ColumnType.UInt64(),
        _ => new ColumnType.Int64(),
    };

    private static ColumnType OfBytes(SchemaElement element) => element switch
    {
        { Logical: LogicalAnnotation.Text or LogicalAnnotation.Other { IsText: true } } => new ColumnType.String(),
        { Converted: ConvertedType.Utf8 or ConvertedType.Enum or ConvertedType.Json } => new ColumnType.String(),
        { Type: PhysicalType.FixedLengthByteArray, TypeLength: 16, Logical: LogicalAnnotation.Other { IsUuid: true } } => new ColumnType.Uuid(),
        { Type: PhysicalType.FixedLengthByteArray, TypeLength: 2, Logical: LogicalAnnotation.Other { IsFloat16: true } } => new ColumnType.Float16(),
        _ => new ColumnType.Binary(),
    };
}
