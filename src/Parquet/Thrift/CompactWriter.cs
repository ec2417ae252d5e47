using System.Buffers;
using System.Text;

namespace Latecomer.Parquet.Thrift;

/// <summary>Writes Thrift's compact protocol. Fields of a struct are written in the order of their ids.</summary>
internal sealed class CompactWriter(IBufferWriter<byte> output)
{
    private readonly Stack<int> outerIds = new();
    private int previousId;

    /// <summary>Begins the outermost struct, or one that is an element of a list.</summary>
    public void BeginStruct()
    {
        outerIds.Push(previousId);
        previousId = 0;
    }

    /// <summary>Begins a struct that is a field.</summary>
    public void BeginStruct(int id)
    {
        WriteHeader(id, CompactType.Struct);
        BeginStruct();
    }

    /// <summary>Ends the struct begun last.</summary>
    public void EndStruct()
    {
        WriteByte((byte)CompactType.Stop);
        previousId = outerIds.Pop();
    }

    /// <summary>Begins a list; its elements follow, without a word to end it.</summary>
    public void BeginList(int id, CompactType element, int count)
    {
        WriteHeader(id, CompactType.List);
        if (count < 15)
        {
            WriteByte((byte)((count << 4) | (int)element));
            return;
        }

        WriteByte((byte)(0xF0 | (int)element));
        WriteVarint((uint)count);
    }

    public void WriteBoolean(int id, bool value) => WriteHeader(id, value ? CompactType.True : CompactType.False);

    public void WriteByte(int id, sbyte value)
    {
        WriteHeader(id, CompactType.Byte);
        WriteByte((byte)value);
    }

    public void WriteInt16(int id, short value)
    {
        WriteHeader(id, CompactType.Int16);
        WriteZigZag(value);
    }

    public void WriteInt32(int id, int value)
    {
        WriteHeader(id, CompactType.Int32);
        WriteZigZag(value);
    }

    public void WriteInt32Value(int value) => WriteZigZag(value);

    public void WriteInt64(int id, long value)
    {
        WriteHeader(id, CompactType.Int64);
        WriteZigZag(value);
    }

    public void WriteString(int id, string value)
    {
        WriteHeader(id, CompactType.Binary);
        WriteStringValue(value);
    }

    public void WriteStringValue(string value) => WriteBytesValue(Encoding.UTF8.GetBytes(value));

    public void WriteBytes(int id, ReadOnlySpan<byte> value)
    {
        WriteHeader(id, CompactType.Binary);
        WriteBytesValue(value);
    }

    private void WriteBytesValue(ReadOnlySpan<byte> value)
    {
        WriteVarint((uint)value.Length);
        output.Write(value);
    }

    private void WriteHeader(int id, CompactType type)
    {
        var delta = id - previousId;
        if (delta is > 0 and < 16)
        {
            WriteByte((byte)((delta << 4) | (int)type));
        }
        else
        {
            WriteByte((byte)type);
            WriteZigZag(id);
        }

        previousId = id;
    }

    private void WriteZigZag(long value) => WriteVarint((ulong)((value << 1) ^ (value >> 63)));

    private void WriteVarint(ulong value)
    {
        while (value >= 0x80)
        {
            WriteByte((byte)(value | 0x80));
            value >>= 7;
        }

        WriteByte((byte)value);
    }

    private void WriteByte(byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }
}
