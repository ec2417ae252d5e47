using Latecomer.Parquet.Thrift;

namespace Latecomer.Parquet.Format;

/// <summary>Whether a field must, may, or may repeatedly have a value (FieldRepetitionType).</summary>
internal enum Repetition
{
    Required = 0,
    Optional = 1,
    Repeated = 2,
}

/// <summary>The older annotation of a schema element (ConvertedType).</summary>
internal enum ConvertedType
{
    Utf8 = 0,
    Map = 1,
    MapKeyValue = 2,
    List = 3,
    Enum = 4,
    Decimal = 5,
    Date = 6,
    TimeMillis = 7,
    TimeMicros = 8,
    TimestampMillis = 9,
    TimestampMicros = 10,
    UInt8 = 11,
    UInt16 = 12,
    UInt32 = 13,
    UInt64 = 14,
    Int8 = 15,
    Int16 = 16,
    Int32 = 17,
    Int64 = 18,
    Json = 19,
    Bson = 20,
    Interval = 21,
}

/// <summary>One node of the schema tree, which the footer lists depth first.</summary>
internal sealed record SchemaElement
{
    public PhysicalType? Type { get; init; }

    public int TypeLength { get; init; }

    public Repetition Repetition { get; init; }

    public string Name { get; init; } = "";

    public int ChildCount { get; init; }

    public ConvertedType? Converted { get; init; }

    /// <summary>Of a decimal by its converted type.</summary>
    public int Scale { get; init; }

    /// <summary>Of a decimal by its converted type.</summary>
    public int Precision { get; init; }

    public int? FieldId { get; init; }

    /// <summary>Whether this is the schema's root, which neither repeats nor does not.</summary>
    public bool IsRoot { get; init; }

    public LogicalAnnotation? Logical { get; init; }

    public static SchemaElement Read(ref CompactReader reader)
    {
        var element = new SchemaElement();
        var hasName = false;
        var previousId = 0;
        while (reader.NextField(ref previousId, out var field))
        {
            switch (field.Id)
            {
                case 1:
                    element = element with { Type = (PhysicalType)reader.ReadInt32(field) };
                    break;
                case 2:
                    element = element with { TypeLength = reader.ReadInt32(field) };
                    break;
                case 3:
                    element = element with { Repetition = (Repetition)reader.ReadInt32(field) };
                    break;
                case 4:
                    element = element with { Name = reader.ReadString(field) };
                    hasName = true;
                    break;
                case 5:
                    element = element with { ChildCount = reader.ReadInt32(field) };
                    break;
                case 6:
                    element = element with { Converted = (ConvertedType)reader.ReadInt32(field) };
                    break;
                case 7:
                    element = element with { Scale = reader.ReadInt32(field) };
                    break;
                case 8:
                    element = element with { Precision = reader.ReadInt32(field) };
                    break;
                case 9:
                    element = element with { FieldId = reader.ReadInt32(field) };
                    break;
                case 10:
                    CompactReader.ExpectStruct(field);
                    element = element with { Logical = LogicalAnnotation.Read(ref reader) };
                    break;
                default:
                    reader.Skip(field);
                    break;
            }
        }

        return hasName ? element : throw ParquetException.Corrupt("The schema has an element without a name.");
    }

    public void Write(CompactWriter writer)
    {
        writer.BeginStruct();
        if (Type is { } type)
        {
            writer.WriteInt32(1, (int)type);
        }

        if (Type == PhysicalType.FixedLengthByteArray)
        {
            writer.WriteInt32(2, TypeLength);
        }

        if (!IsRoot)
        {
            writer.WriteInt32(3, (int)Repetition);
        }

        writer.WriteString(4, Name);
        if (Type is null)
        {
            writer.WriteInt32(5, ChildCount);
        }

        if (Converted is { } converted)
        {
            writer.WriteInt32(6, (int)converted);
        }

        if (Converted == ConvertedType.Decimal)
        {
            writer.WriteInt32(7, Scale);
            writer.WriteInt32(8, Precision);
        }

        if (FieldId is { } fieldId)
        {
            writer.WriteInt32(9, fieldId);
        }

        if (Logical is { } logical)
        {
            writer.BeginStruct(10);
            logical.Write(writer);
            writer.EndStruct();
        }

        writer.EndStruct();
    }
}
