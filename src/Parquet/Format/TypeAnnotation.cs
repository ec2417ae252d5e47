using System.Numerics;

namespace Latecomer.Parquet.Format;

/// <summary>From the types of columns to how they are stored and annotated (LogicalTypes.md). Converted types are written too, for older
/// readers.</summary>
internal static class TypeAnnotation
{
    private const int MaxInt32Digits = 9;
    private const int MaxInt64Digits = 18;

    /// <summary>Nobody's decimals have more digits, and each costs a byte for every two of them.</summary>
    private const int MaxDigits = 1_000;

    /// <summary>The leaf's element, still without name and repetition. Throws <see cref="ArgumentException"/> for a type that is no leaf's.</summary>
    public static SchemaElement Of(ColumnType type) => type switch
    {
        ColumnType.Boolean => Plain(PhysicalType.Boolean),
        ColumnType.Int8 => Integer(ConvertedType.Int8, 8),
        ColumnType.Int16 => Integer(ConvertedType.Int16, 16),
        ColumnType.Int32 => Plain(PhysicalType.Int32),
        ColumnType.Int64 => Plain(PhysicalType.Int64),
        ColumnType.UInt8 => Integer(ConvertedType.UInt8, 8, isSigned: false),
        ColumnType.UInt16 => Integer(ConvertedType.UInt16, 16, isSigned: false),
        ColumnType.UInt32 => Integer(ConvertedType.UInt32, 32, isSigned: false),
        ColumnType.UInt64 => Integer(ConvertedType.UInt64, 64, isSigned: false),
        ColumnType.Float => Plain(PhysicalType.Float),
        ColumnType.Double => Plain(PhysicalType.Double),
        ColumnType.Float16 => Fixed(2, LogicalAnnotation.Float16),
        ColumnType.String => Plain(PhysicalType.ByteArray) with { Converted = ConvertedType.Utf8, Logical = new LogicalAnnotation.Text() },
        ColumnType.Binary => Plain(PhysicalType.ByteArray),
        ColumnType.Uuid => Fixed(16, LogicalAnnotation.Uuid),
        ColumnType.Date => Plain(PhysicalType.Int32) with { Converted = ConvertedType.Date, Logical = new LogicalAnnotation.Date() },
        ColumnType.Time time => Time(time),
        ColumnType.Timestamp timestamp => Timestamp(timestamp),
        ColumnType.Decimal number => Decimal(number),
        ColumnType.Int96 => Plain(PhysicalType.Int96),
        _ => throw new ArgumentException($"{type} is no type of values.", nameof(type)),
    };

    private static SchemaElement Plain(PhysicalType type) => new() { Type = type };

    private static SchemaElement Fixed(int length, LogicalAnnotation logical) =>
        new() { Type = PhysicalType.FixedLengthByteArray, TypeLength = length, Logical = logical };

    private static SchemaElement Integer(ConvertedType converted, int bits, bool isSigned = true) => new()
    {
        Type = bits == 64 ? PhysicalType.Int64 : PhysicalType.Int32,
        Converted = converted,
        Logical = new LogicalAnnotation.Integer(bits, isSigned),
    };

    private static SchemaElement Time(ColumnType.Time type) => new()
    {
        Type = type.Unit == TimestampUnit.Millis ? PhysicalType.Int32 : PhysicalType.Int64,
        Converted = type.Unit switch
        {
            TimestampUnit.Millis => ConvertedType.TimeMillis,
            TimestampUnit.Micros => ConvertedType.TimeMicros,
            _ => null,
        },
        Logical = new LogicalAnnotation.Time(type.AdjustedToUtc, type.Unit),
    };

    private static SchemaElement Timestamp(ColumnType.Timestamp type) => new()
    {
        Type = PhysicalType.Int64,
        Converted = type.Unit switch
        {
            TimestampUnit.Millis => ConvertedType.TimestampMillis,
            TimestampUnit.Micros => ConvertedType.TimestampMicros,
            _ => null,
        },
        Logical = new LogicalAnnotation.Timestamp(type.AdjustedToUtc, type.Unit),
    };

    /// <summary>Decimals take the smallest integer that their digits fit into, or as few bytes.</summary>
    private static SchemaElement Decimal(ColumnType.Decimal type)
    {
        if (type.Precision is < 1 or > MaxDigits || type.Scale is < 0 or > MaxDigits)
        {
            throw new ArgumentException($"Decimals of {type.Precision} digits with {type.Scale} after the point are not written.", nameof(type));
        }

        var physical = type.Precision switch
        {
            <= MaxInt32Digits => PhysicalType.Int32,
            <= MaxInt64Digits => PhysicalType.Int64,
            _ => PhysicalType.FixedLengthByteArray,
        };
        return new SchemaElement
        {
            Type = physical,
            TypeLength = physical == PhysicalType.FixedLengthByteArray ? (BigInteger.Pow(10, type.Precision) - 1).GetByteCount() : 0,
            Converted = ConvertedType.Decimal,
            Scale = type.Scale,
            Precision = type.Precision,
            Logical = new LogicalAnnotation.Decimal(type.Precision, type.Scale),
        };
    }
}
