namespace Latecomer.Tests.Fuzz;

/// <summary>A value of Thrift's compact protocol that can be changed in any way and written again, sound or not.</summary>
internal sealed class ThriftValue(byte type)
{
    public const byte True = 1;
    public const byte False = 2;
    public const byte Int8 = 3;
    public const byte Int32 = 5;
    public const byte Int64 = 6;
    public const byte Double = 7;
    public const byte Binary = 8;
    public const byte List = 9;
    public const byte Set = 10;
    public const byte Struct = 12;
    public const byte Uuid = 13;

    public byte Type { get; set; } = type;

    /// <summary>Of numbers.</summary>
    public long Number { get; set; }

    /// <summary>Of binaries, and of what has a fixed size.</summary>
    public byte[] Bytes { get; set; } = [];

    /// <summary>Of lists.</summary>
    public byte ElementType { get; set; }

    /// <summary>Of lists.</summary>
    public List<ThriftValue> Items { get; init; } = [];

    /// <summary>Of structs, in the order in which they are written.</summary>
    public List<ThriftField> Fields { get; init; } = [];

    public static ThriftValue Of(long number) => new(Int64) { Number = number };

    /// <summary>The value of a field; null when there is none.</summary>
    public ThriftValue? this[int id] => Fields.Find(field => field.Id == id)?.Value;

    /// <summary>The number of a field; null when there is none.</summary>
    public long? NumberOf(int id) => this[id] is { Type: >= Int8 and <= Int64 } value ? value.Number : null;

    /// <summary>A copy that shares nothing that can be changed.</summary>
    public ThriftValue Copy() => new(Type)
    {
        Number = Number,
        Bytes = Bytes,
        ElementType = ElementType,
        Items = Items.ConvertAll(item => item.Copy()),
        Fields = Fields.ConvertAll(field => new ThriftField(field.Id, field.Value.Copy())),
    };

    /// <summary>This value and all below it.</summary>
    public void Gather(List<ThriftValue> into)
    {
        into.Add(this);
        Items.ForEach(item => item.Gather(into));
        Fields.ForEach(field => field.Value.Gather(into));
    }
}

/// <summary>A field of a struct.</summary>
internal sealed class ThriftField(int id, ThriftValue value)
{
    public int Id { get; set; } = id;

    public ThriftValue Value { get; set; } = value;
}
