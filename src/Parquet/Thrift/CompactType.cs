namespace Latecomer.Parquet.Thrift;

/// <summary>The wire types of Thrift's compact protocol, by their numbers.</summary>
internal enum CompactType
{
    Stop = 0,
    True = 1,
    False = 2,
    Byte = 3,
    Int16 = 4,
    Int32 = 5,
    Int64 = 6,
    Double = 7,
    Binary = 8,
    List = 9,
    Set = 10,
    Map = 11,
    Struct = 12,
    Uuid = 13,
}

/// <summary>One field of a struct: its type on the wire and its id.</summary>
internal readonly record struct CompactField(CompactType Type, int Id);
