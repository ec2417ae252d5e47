using System.Buffers.Binary;
using Latecomer.Parquet.Format;

namespace Latecomer.Parquet.Writing;

/// <summary>Brings decimals to the storage of their column: a file may have kept them in another one, and a batch holds them as the file did.</summary>
internal static class DecimalStorage
{
    /// <summary>The same numbers as the leaf stores them; <paramref name="data"/> itself if it does so already. Throws <see cref="ArgumentException"/>
    /// if one has more digits than there is room for.</summary>
    public static ColumnData Convert(LeafColumn leaf, ColumnData data) => (leaf.PhysicalType, data) switch
    {
        (PhysicalType.Int32, ValueColumn<int>) or (PhysicalType.Int64, ValueColumn<long>) => data,
        (PhysicalType.Int32, _) => ToValues(leaf, data, sizeof(int), BinaryPrimitives.ReadInt32BigEndian),
        (PhysicalType.Int64, _) => ToValues(leaf, data, sizeof(long), BinaryPrimitives.ReadInt64BigEndian),
        (_, BinaryColumn binary) when binary.FindLengthOtherThan(leaf.Element.TypeLength) < 0 => data,
        _ => ToBytes(leaf, data),
    };

    private static ValueColumn<T> ToValues<T>(LeafColumn leaf, ColumnData data, int length, ReadValue<T> read)
        where T : unmanaged
    {
        Span<byte> bytes = stackalloc byte[length];
        var values = new T[data.Length];
        for (var row = 0; row < values.Length; row++)
        {
            if (!data.IsNull(row))
            {
                Extend(leaf, data, row, bytes);
                values[row] = read(bytes);
            }
        }

        return data.NullCount == 0 ? new ValueColumn<T>(values) : new ValueColumn<T>(values, data.Validity.ToArray());
    }

    private static BinaryColumn ToBytes(LeafColumn leaf, ColumnData data)
    {
        var length = leaf.Element.TypeLength;
        var bytes = new byte[checked(length * data.Length)];
        var ranges = new BinaryRange[data.Length];
        for (var row = 0; row < ranges.Length; row++)
        {
            if (!data.IsNull(row))
            {
                ranges[row] = new BinaryRange(row * length, length);
                Extend(leaf, data, row, bytes.AsSpan(row * length, length));
            }
        }

        return new BinaryColumn(bytes, ranges, data.NullCount == 0 ? null : data.Validity.ToArray(), data.Length, data.NullCount);
    }

    private static void Extend(LeafColumn leaf, ColumnData data, int row, Span<byte> target)
    {
        Span<byte> integer = stackalloc byte[sizeof(long)];
        ReadOnlySpan<byte> source = integer;
        switch (data)
        {
            case ValueColumn<int> values:
                BinaryPrimitives.WriteInt64BigEndian(integer, values.Values[row]);
                break;
            case ValueColumn<long> values:
                BinaryPrimitives.WriteInt64BigEndian(integer, values.Values[row]);
                break;
            default:
                source = ((BinaryColumn)data).GetBytes(row);
                break;
        }

        if (!TryExtend(source, target))
        {
            throw new ArgumentException($"Row {row} of '{leaf.DottedPath}' has more digits than {leaf.Type} has room for.", nameof(data));
        }
    }

    /// <summary>Copies a number of two's complement, big-endian, to as many bytes as the target has: by copies of the sign, or without them.</summary>
    private static bool TryExtend(ReadOnlySpan<byte> source, Span<byte> target)
    {
        var sign = !source.IsEmpty && (source[0] & 0x80) != 0 ? (byte)0xFF : (byte)0;
        var surplus = source.Length - target.Length;
        if (surplus > 0)
        {
            if (source[..surplus].ContainsAnyExcept(sign) || ((source[surplus] ^ sign) & 0x80) != 0)
            {
                return false;
            }

            source = source[surplus..];
        }

        target[..^source.Length].Fill(sign);
        source.CopyTo(target[^source.Length..]);
        return true;
    }

    private delegate T ReadValue<out T>(ReadOnlySpan<byte> bytes);
}
