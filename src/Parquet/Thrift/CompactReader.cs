using System.Text;

namespace Latecomer.Parquet.Thrift;

/// <summary>Reads Thrift's compact protocol from a span. Whatever the bytes are, it ends with a value or a
/// <see cref="ParquetException"/>, in time linear in the bytes, and promises no more elements than bytes are left.</summary>
internal ref struct CompactReader(ReadOnlySpan<byte> data)
{
    private const int MaxNesting = 32;

    private readonly ReadOnlySpan<byte> data = data;
    private int nesting;

    /// <summary>Bytes read so far.</summary>
    public int Position { get; private set; }

    /// <summary>Goes on to the next field of the struct being read; false at its end. <paramref name="previousId"/> starts
    /// as 0 for each struct.</summary>
    public bool NextField(ref int previousId, out CompactField field)
    {
        var header = ReadByte();
        var type = (CompactType)(header & 0x0F);
        if (type == CompactType.Stop)
        {
            field = default;
            return false;
        }

        if (type > CompactType.Uuid)
        {
            throw ParquetException.Corrupt($"The metadata has a field of the unknown Thrift type {(int)type}.");
        }

        var delta = header >> 4;
        var id = delta == 0 ? ReadZigZag() : previousId + delta;
        if (id is < short.MinValue or > short.MaxValue)
        {
            throw ParquetException.Corrupt($"The metadata has a field with the id {id}.");
        }

        previousId = (int)id;
        field = new CompactField(type, previousId);
        return true;
    }

    public static bool ReadBoolean(CompactField field) => field.Type switch
    {
        CompactType.True => true,
        CompactType.False => false,
        _ => throw Mismatch(field, "a boolean"),
    };

    public int ReadInt32(CompactField field)
    {
        if (field.Type == CompactType.Byte)
        {
            return (sbyte)ReadByte();
        }

        Expect(field.Type is CompactType.Int16 or CompactType.Int32, field, "an integer");
        return ReadInt32Value();
    }

    public int ReadInt32Value()
    {
        var value = ReadZigZag();
        return value is >= int.MinValue and <= int.MaxValue
            ? (int)value
            : throw ParquetException.Corrupt($"The metadata has {value} where 32 bits are to hold a number.");
    }

    public long ReadInt64(CompactField field)
    {
        Expect(field.Type is CompactType.Int64 or CompactType.Int32 or CompactType.Int16, field, "an integer");
        return ReadZigZag();
    }

    public ReadOnlySpan<byte> ReadBytes(CompactField field)
    {
        Expect(field.Type == CompactType.Binary, field, "a string");
        return ReadBytesValue();
    }

    public ReadOnlySpan<byte> ReadBytesValue() => Take(ReadVarint());

    public string ReadString(CompactField field) => Encoding.UTF8.GetString(ReadBytes(field));

    /// <summary>Begins a list of <paramref name="element"/>s and gives their number.</summary>
    public int ReadList(CompactField field, CompactType element)
    {
        Expect(field.Type is CompactType.List or CompactType.Set, field, "a list");
        var (type, count) = ReadListHeader();
        return count == 0 || type == element
            ? count
            : throw ParquetException.Corrupt($"The metadata's field {field.Id} is a list of {type} instead of {element}.");
    }

    /// <summary>Makes sure that the field is a struct, whose fields follow.</summary>
    public static void ExpectStruct(CompactField field) => Expect(field.Type == CompactType.Struct, field, "a struct");

    /// <summary>Passes over a field that nobody asks for.</summary>
    public void Skip(CompactField field)
    {
        if (field.Type is not (CompactType.True or CompactType.False))
        {
            SkipValue(field.Type);
        }
    }

    private static ParquetException Mismatch(CompactField field, string expected) =>
        ParquetException.Corrupt($"The metadata's field {field.Id} is a Thrift {field.Type} instead of {expected}.");

    private static void Expect(bool holds, CompactField field, string expected)
    {
        if (!holds)
        {
            throw Mismatch(field, expected);
        }
    }

    private void SkipValue(CompactType type)
    {
        switch (type)
        {
            case CompactType.True or CompactType.False or CompactType.Byte:
                Take(1);
                break;
            case CompactType.Int16 or CompactType.Int32 or CompactType.Int64:
                ReadVarint();
                break;
            case CompactType.Double:
                Take(8);
                break;
            case CompactType.Uuid:
                Take(16);
                break;
            case CompactType.Binary:
                ReadBytesValue();
                break;
            default:
                SkipNested(type);
                break;
        }
    }

    private void SkipNested(CompactType type)
    {
        if (++nesting > MaxNesting)
        {
            throw ParquetException.Corrupt($"The metadata is nested deeper than {MaxNesting} levels.");
        }

        switch (type)
        {
            case CompactType.Struct:
                var previousId = 0;
                while (NextField(ref previousId, out var field))
                {
                    Skip(field);
                }

                break;
            case CompactType.Map:
                SkipMap();
                break;
            default:
                var (element, count) = ReadListHeader();
                for (var index = 0; index < count; index++)
                {
                    SkipValue(element);
                }

                break;
        }

        nesting--;
    }

    private void SkipMap()
    {
        var count = CheckCount(ReadVarint());
        if (count == 0)
        {
            return;
        }

        var types = ReadByte();
        for (var index = 0; index < count; index++)
        {
            SkipValue(CheckElement(types >> 4));
            SkipValue(CheckElement(types & 0x0F));
        }
    }

    private (CompactType Type, int Count) ReadListHeader()
    {
        var header = ReadByte();
        var count = header >> 4;
        var total = count == 15 ? ReadVarint() : (ulong)count;
        return (total == 0 ? CompactType.Stop : CheckElement(header & 0x0F), CheckCount(total));
    }

    private static CompactType CheckElement(int type) => type is > 0 and <= (int)CompactType.Uuid
        ? (CompactType)type
        : throw ParquetException.Corrupt($"The metadata has elements of the unknown Thrift type {type}.");

    /// <summary>Every element takes at least a byte, so a count beyond the rest is a lie that must not become an allocation.</summary>
    private readonly int CheckCount(ulong count) => count <= (ulong)(data.Length - Position)
        ? (int)count
        : throw ParquetException.Corrupt($"The metadata announces {count} elements, and ends {data.Length - Position} bytes later.");

    private long ReadZigZag()
    {
        var value = ReadVarint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = ReadByte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw ParquetException.Corrupt("The metadata has a number of more than ten bytes.");
    }

    private byte ReadByte() => Take(1)[0];

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)(data.Length - Position))
        {
            throw ParquetException.Corrupt($"The metadata is cut off: {count} bytes are needed where {data.Length - Position} are left.");
        }

        var taken = data.Slice(Position, (int)count);
        Position += taken.Length;
        return taken;
    }
}
