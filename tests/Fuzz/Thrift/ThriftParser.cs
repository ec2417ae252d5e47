namespace Latecomer.Tests.Fuzz;

/// <summary>Takes sound Thrift apart. What it cannot, it leaves with a <see cref="FormatException"/>.</summary>
internal ref struct ThriftParser(ReadOnlySpan<byte> data)
{
    private const int MaxDepth = 40;

    private readonly ReadOnlySpan<byte> data = data;
    private int depth;

    public int Position { get; private set; }

    /// <summary>The struct at the position.</summary>
    public ThriftValue ReadStruct()
    {
        Descend();
        var value = new ThriftValue(ThriftValue.Struct);
        for (var id = 0; ;)
        {
            var header = ReadByte();
            if ((header & 0x0F) == 0)
            {
                depth--;
                return value;
            }

            id = header >> 4 is var delta and > 0 ? id + delta : (int)ReadZigZag();
            value.Fields.Add(new ThriftField(id, (header & 0x0F) is ThriftValue.True or ThriftValue.False
                ? new ThriftValue((byte)(header & 0x0F))
                : ReadValue((byte)(header & 0x0F))));
        }
    }

    private ThriftValue ReadValue(byte type) => type switch
    {
        ThriftValue.True or ThriftValue.False or ThriftValue.Int8 => new(type) { Number = (sbyte)ReadByte() },
        > ThriftValue.Int8 and <= ThriftValue.Int64 => new(type) { Number = ReadZigZag() },
        ThriftValue.Double => new(type) { Bytes = Take(8) },
        ThriftValue.Uuid => new(type) { Bytes = Take(16) },
        ThriftValue.Binary => new(type) { Bytes = Take(ReadVarint()) },
        ThriftValue.List or ThriftValue.Set => ReadList(type),
        ThriftValue.Struct => ReadStruct(),
        _ => throw new FormatException($"type {type}"),
    };

    private ThriftValue ReadList(byte type)
    {
        Descend();
        var header = ReadByte();
        var count = header >> 4 is var few and < 15 ? (ulong)few : ReadVarint();
        var list = new ThriftValue(type) { ElementType = (byte)(header & 0x0F) };
        for (; count > 0; count--)
        {
            list.Items.Add(ReadValue(list.ElementType));
        }

        depth--;
        return list;
    }

    private void Descend()
    {
        if (++depth > MaxDepth)
        {
            throw new FormatException("too deep");
        }
    }

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

        throw new FormatException("a long number");
    }

    private byte ReadByte() => Position < data.Length ? data[Position++] : throw new FormatException("cut off");

    private byte[] Take(ulong count)
    {
        if (count > (ulong)(data.Length - Position))
        {
            throw new FormatException("cut off");
        }

        Position += (int)count;
        return data[(Position - (int)count)..Position].ToArray();
    }
}
