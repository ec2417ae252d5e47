using Latecomer.Parquet.Thrift;

namespace Latecomer.Parquet.Format;

/// <summary>The LogicalType of a schema element. Closed; numbered by its fields in parquet.thrift.</summary>
internal abstract record LogicalAnnotation
{
    private LogicalAnnotation()
    {
    }

    public static LogicalAnnotation Map { get; } = new Other(2);

    public static LogicalAnnotation List { get; } = new Other(3);

    public static LogicalAnnotation Uuid { get; } = new Other(14);

    public static LogicalAnnotation Float16 { get; } = new Other(15);

    public sealed record Text : LogicalAnnotation;

    public sealed record Date : LogicalAnnotation;

    public sealed record Timestamp(bool AdjustedToUtc, TimestampUnit Unit) : LogicalAnnotation;

    public sealed record Integer(int Bits, bool Signed) : LogicalAnnotation;

    public sealed record Time(bool AdjustedToUtc, TimestampUnit Unit) : LogicalAnnotation;

    public sealed record Decimal(int Precision, int Scale) : LogicalAnnotation;

    /// <summary>One without parameters that this reader has no record for, or that nobody here has heard of.</summary>
    public sealed record Other(int Id) : LogicalAnnotation
    {
        public bool IsMap => Id == 2;

        public bool IsList => Id == 3;

        /// <summary>Enumerations and JSON are text with a meaning that is the reader's.</summary>
        public bool IsText => Id is 4 or 12;

        public bool IsUuid => Id == 14;

        public bool IsFloat16 => Id == 15;
    }

    public static LogicalAnnotation? Read(ref CompactReader reader)
    {
        LogicalAnnotation? annotation = null;
        var previousId = 0;
        while (reader.NextField(ref previousId, out var field))
        {
            CompactReader.ExpectStruct(field);
            annotation = field.Id switch
            {
                5 => ReadDecimal(ref reader),
                7 or 8 => ReadTime(ref reader, field.Id),
                10 => ReadInteger(ref reader),
                _ => ReadOther(ref reader, field),
            };
        }

        return annotation;
    }

    public void Write(CompactWriter writer)
    {
        switch (this)
        {
            case Text:
                WriteEmpty(writer, 1);
                break;
            case Date:
                WriteEmpty(writer, 6);
                break;
            case Decimal number:
                writer.BeginStruct(5);
                writer.WriteInt32(1, number.Scale);
                writer.WriteInt32(2, number.Precision);
                writer.EndStruct();
                break;
            case Time time:
                WriteTime(writer, 7, time.AdjustedToUtc, time.Unit);
                break;
            case Timestamp timestamp:
                WriteTime(writer, 8, timestamp.AdjustedToUtc, timestamp.Unit);
                break;
            case Integer integer:
                writer.BeginStruct(10);
                writer.WriteByte(1, (sbyte)integer.Bits);
                writer.WriteBoolean(2, integer.Signed);
                writer.EndStruct();
                break;
            case Other other:
                WriteEmpty(writer, other.Id);
                break;
            default:
                throw new InvalidOperationException($"{this} is never written.");
        }
    }

    private static void WriteTime(CompactWriter writer, int id, bool adjustedToUtc, TimestampUnit unit)
    {
        writer.BeginStruct(id);
        writer.WriteBoolean(1, adjustedToUtc);
        writer.BeginStruct(2);
        WriteEmpty(writer, (int)unit + 1);
        writer.EndStruct();
        writer.EndStruct();
    }

    private static void WriteEmpty(CompactWriter writer, int id)
    {
        writer.BeginStruct(id);
        writer.EndStruct();
    }

    private static LogicalAnnotation ReadOther(ref CompactReader reader, CompactField field)
    {
        reader.Skip(field);
        return field.Id switch
        {
            1 => new Text(),
            6 => new Date(),
            _ => new Other(field.Id),
        };
    }

    private static Decimal ReadDecimal(ref CompactReader reader)
    {
        var (scale, precision) = (0, 0);
        var previousId = 0;
        while (reader.NextField(ref previousId, out var field))
        {
            switch (field.Id)
            {
                case 1:
                    scale = reader.ReadInt32(field);
                    break;
                case 2:
                    precision = reader.ReadInt32(field);
                    break;
                default:
                    reader.Skip(field);
                    break;
            }
        }

        return new Decimal(precision, scale);
    }

    private static LogicalAnnotation ReadTime(ref CompactReader reader, int id)
    {
        var adjusted = false;
        var unit = 0;
        var previousId = 0;
        while (reader.NextField(ref previousId, out var field))
        {
            switch (field.Id)
            {
                case 1:
                    adjusted = CompactReader.ReadBoolean(field);
                    break;
                case 2:
                    CompactReader.ExpectStruct(field);
                    unit = ReadUnit(ref reader);
                    break;
                default:
                    reader.Skip(field);
                    break;
            }
        }

        return (id, unit) switch
        {
            (7, >= 1 and <= 3) => new Time(adjusted, (TimestampUnit)(unit - 1)),
            (8, >= 1 and <= 3) => new Timestamp(adjusted, (TimestampUnit)(unit - 1)),
            _ => new Other(id),
        };
    }

    private static int ReadUnit(ref CompactReader reader)
    {
        var unit = 0;
        var previousId = 0;
        while (reader.NextField(ref previousId, out var field))
        {
            unit = field.Id;
            reader.Skip(field);
        }

        return unit;
    }

    private static Integer ReadInteger(ref CompactReader reader)
    {
        var (bits, signed) = (0, false);
        var previousId = 0;
        while (reader.NextField(ref previousId, out var field))
        {
            switch (field.Id)
            {
                case 1:
                    bits = reader.ReadInt32(field);
                    break;
                case 2:
                    signed = CompactReader.ReadBoolean(field);
                    break;
                default:
                    reader.Skip(field);
                    break;
            }
        }

        return new Integer(bits, signed);
    }
}
