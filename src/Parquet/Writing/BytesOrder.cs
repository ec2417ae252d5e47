namespace Latecomer.Parquet.Writing;

/// <summary>How texts and bytes are ordered (parquet.thrift, ColumnOrder): by unsigned bytes, decimals by their numbers.</summary>
internal static class BytesOrder
{
    /// <summary>Whether there is an order at all that bounds could be in.</summary>
    public static bool Exists(ColumnType type) => type is ColumnType.String or ColumnType.Binary or ColumnType.Uuid or ColumnType.Decimal;

    /// <summary>Compares two values; decimals have the same length.</summary>
    public static int Compare(ColumnType type, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (type is ColumnType.Decimal && !left.IsEmpty && !right.IsEmpty && ((left[0] ^ right[0]) & 0x80) != 0)
        {
            return (left[0] & 0x80) != 0 ? -1 : 1;
        }

        return left.SequenceCompareTo(right);
    }
}
