using System.Buffers;

namespace Latecomer.Tests.Fuzz;

/// <summary>Writes Thrift, also such as no writer would.</summary>
internal static class ThriftWriter
{
    /// <summary>The bytes of a struct. <paramref name="isLong"/>: ids are written in full, which means the same.</summary>
    public static byte[] Write(ThriftValue value, bool isLong = false)
    {
        var output = new ArrayBufferWriter<byte>(512);
        WriteStruct(output, value, isLong);
        return output.WrittenSpan.ToArray();
    }

    private static void WriteStruct(ArrayBufferWriter<byte> output, ThriftValue value, bool isLong)
    {
        var previous = 0;
        foreach (var field in value.Fields)
        {
            var type = field.Value.Type;
            if (!isLong && field.Id - previous is > 0 and < 16 and var delta)
            {
                Byte(output, (delta << 4) | type);
            }
            else
            {
                Byte(output, type);
                Varint(output, ZigZag(field.Id));
            }

            previous = field.Id;
            if (type is not (ThriftValue.True or ThriftValue.False))
            {
                WriteValue(output, field.Value, isLong);
            }
        }

        Byte(output, 0);
    }

    private static void WriteValue(ArrayBufferWriter<byte> output, ThriftValue value, bool isLong)
    {
        switch (value.Type)
        {
            case ThriftValue.True or ThriftValue.False or ThriftValue.Int8:
                Byte(output, (int)(value.Number & 0xFF));
                break;
            case > ThriftValue.Int8 and <= ThriftValue.Int64:
                Varint(output, ZigZag(value.Number));
                break;
            case ThriftValue.Binary:
                Varint(output, (ulong)value.Bytes.Length);
                output.Write(value.Bytes);
                break;
            case ThriftValue.List or ThriftValue.Set:
                WriteList(output, value, isLong);
                break;
            case ThriftValue.Struct:
                WriteStruct(output, value, isLong);
                break;
            default:
                output.Write(value.Bytes);
                break;
        }
    }

    private static void WriteList(ArrayBufferWriter<byte> output, ThriftValue list, bool isLong)
    {
        // What a list claims to hold is a number of its own, for a change may set it.
        var count = list.Number != 0 ? (ulong)list.Number : (ulong)list.Items.Count;
        Byte(output, ((count < 15 && !isLong ? (int)count : 15) << 4) | (list.ElementType & 0x0F));
        if (count >= 15 || isLong)
        {
            Varint(output, count);
        }

        list.Items.ForEach(item => WriteValue(output, item, isLong));
    }

    private static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    private static void Varint(ArrayBufferWriter<byte> output, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            Byte(output, (int)(value & 0x7F) | 0x80);
        }

        Byte(output, (int)value);
    }

    private static void Byte(ArrayBufferWriter<byte> output, int value)
    {
        output.GetSpan(1)[0] = (byte)value;
        output.Advance(1);
    }
}
