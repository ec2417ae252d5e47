using System.Diagnostics;

namespace Latecomer.Parquet.Format;

/// <summary>Between the types of columns and the annotations of the format (LogicalTypes.md). Logical types win over
/// converted ones, which older files have alone, and which are written too for older readers.</summary>
internal static class TypeMapping
{
    public static ColumnType ToColumnType(SchemaElement element) => element.Type switch
    {
        PhysicalType.Boolean when IsPlain(element) => new ColumnType.Boolean(),
        PhysicalType.Float when IsPlain(element) => new ColumnType.Float(),
        PhysicalType.Double when IsPlain(element) => new ColumnType.Double(),
        PhysicalType.Int32 => OfInt32(element),
        PhysicalType.Int64 => OfInt64(element),
        PhysicalType.ByteArray => OfByteArray(element),
        PhysicalType.Int96 => new ColumnType.Unsupported("int96"),
        PhysicalType.FixedLengthByteArray => OfFixedLengthByteArray(element),
        _ => Unsupported(element),
    };

    public static SchemaElement ToElement(ParquetColumn column)
    {
        var (type, converted, logical) = Annotate(column);
        return new SchemaElement
        {
            Name = column.Name,
            Repetition = column.Nullable ? Repetition.Optional : Repetition.Required,
            Type = type,
            Converted = converted,
            Logical = logical,
            FieldId = column.FieldId,
        };
    }

    private static (PhysicalType Type, ConvertedType? Converted, LogicalAnnotation? Logical) Annotate(ParquetColumn column) => column.Type switch
    {
        ColumnType.Boolean => (PhysicalType.Boolean, null, null),
        ColumnType.Int8 => (PhysicalType.Int32, ConvertedType.Int8, new LogicalAnnotation.Integer(8, Signed: true)),
        ColumnType.Int16 => (PhysicalType.Int32, ConvertedType.Int16, new LogicalAnnotation.Integer(16, Signed: true)),
        ColumnType.Int32 => (PhysicalType.Int32, null, null),
        ColumnType.Int64 => (PhysicalType.Int64, null, null),
        ColumnType.Float => (PhysicalType.Float, null, null),
        ColumnType.Double => (PhysicalType.Double, null, null),
        ColumnType.String => (PhysicalType.ByteArray, ConvertedType.Utf8, new LogicalAnnotation.Text()),
        ColumnType.Binary => (PhysicalType.ByteArray, null, null),
        ColumnType.Date => (PhysicalType.Int32, ConvertedType.Date, new LogicalAnnotation.Date()),
        ColumnType.Timestamp timestamp => (PhysicalType.Int64, ToConverted(timestamp.Unit), new LogicalAnnotation.Timestamp(timestamp.AdjustedToUtc, timestamp.Unit)),
        ColumnType.Unsupported unsupported => throw new ArgumentException($"Column '{column.Name}' is {unsupported.Description}, which is not written.", nameof(column)),
        _ => throw new UnreachableException(),
    };

    private static ConvertedType? ToConverted(TimestampUnit unit) => unit switch
    {
        TimestampUnit.Millis => ConvertedType.TimestampMillis,
        TimestampUnit.Micros => ConvertedType.TimestampMicros,
        _ => null,
    };

    private static bool IsPlain(SchemaElement element) => element.Logical is null && element.Converted is null;

    private static ColumnType OfInt32(SchemaElement element) => (element.Logical, element.Converted) switch
    {
        (LogicalAnnotation.Date, _) or (null, ConvertedType.Date) => new ColumnType.Date(),
        (LogicalAnnotation.Integer { Signed: true, Bits: 8 }, _) or (null, ConvertedType.Int8) => new ColumnType.Int8(),
        (LogicalAnnotation.Integer { Signed: true, Bits: 16 }, _) or (null, ConvertedType.Int16) => new ColumnType.Int16(),
        (LogicalAnnotation.Integer { Signed: true, Bits: 32 }, _) or (null, null or ConvertedType.Int32) => new ColumnType.Int32(),
        _ => Unsupported(element),
    };

    private static ColumnType OfInt64(SchemaElement element) => (element.Logical, element.Converted) switch
    {
        (LogicalAnnotation.Timestamp timestamp, _) => new ColumnType.Timestamp(timestamp.AdjustedToUtc, timestamp.Unit),
        (null, ConvertedType.TimestampMillis) => new ColumnType.Timestamp(AdjustedToUtc: true, TimestampUnit.Millis),
        (null, ConvertedType.TimestampMicros) => new ColumnType.Timestamp(AdjustedToUtc: true, TimestampUnit.Micros),
        (LogicalAnnotation.Integer { Signed: true, Bits: 64 }, _) or (null, null or ConvertedType.Int64) => new ColumnType.Int64(),
        _ => Unsupported(element),
    };

    private static ColumnType OfByteArray(SchemaElement element) => (element.Logical, element.Converted) switch
    {
        (LogicalAnnotation.Text or LogicalAnnotation.Other { IsText: true }, _) => new ColumnType.String(),
        (null, ConvertedType.Utf8 or ConvertedType.Enum or ConvertedType.Json) => new ColumnType.String(),
        (LogicalAnnotation.Other { IsMoreThanBytes: false }, _) or (null, null or ConvertedType.Bson) => new ColumnType.Binary(),
        _ => Unsupported(element),
    };

    private static ColumnType OfFixedLengthByteArray(SchemaElement element) => (element.Logical, element.Converted) switch
    {
        (LogicalAnnotation.Other { IsMoreThanBytes: false }, _) or (null, null or ConvertedType.Interval) => new ColumnType.Binary(),
        _ => Unsupported(element),
    };

    private static ColumnType.Unsupported Unsupported(SchemaElement element)
    {
        var annotation = element.Logical switch
        {
            LogicalAnnotation.Other other => other.Name,
            { } logical => logical.ToString(),
            null when element.Converted is { } converted => $"converted type {(int)converted}",
            null => "no annotation",
        };
        return new ColumnType.Unsupported($"{element.Type} with {annotation}");
    }
}
