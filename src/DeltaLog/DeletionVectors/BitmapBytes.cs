using System.Buffers.Binary;

namespace Latecomer.DeltaLog;

/// <summary>The bytes of a bitmap, read from front to back; little-endian.</summary>
internal ref struct BitmapBytes(ReadOnlySpan<byte> bytes)
{
    private readonly int _length = bytes.Length;
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>How many bytes are left.</summary>
    internal readonly int Left => _rest.Length;

    internal ReadOnlySpan<byte> Take(int count, string what)
    {
        if (count > _rest.Length)
        {
            throw new InvalidDataException($"its {_length} bytes end within {what}, at byte {_length - _rest.Length}");
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    internal ushort UInt16(string what) => BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(ushort), what));

    internal uint UInt32(string what) => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint), what));

    internal ulong UInt64(string what) => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong), what));
}
