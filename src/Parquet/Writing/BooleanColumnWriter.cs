using Latecomer.Parquet.Encodings;
using Latecomer.Parquet.Format;

namespace Latecomer.Parquet.Writing;

/// <summary>Writes booleans as bits.</summary>
internal sealed class BooleanColumnWriter(LeafColumn leaf, ParquetWriterOptions options) : ColumnWriter(leaf, options)
{
    private readonly PendingValues<byte> pending = new();
    private bool sawFalse;
    private bool sawTrue;

    protected override int PendingBytes => pending.Count / 8;

    protected override int AppendRows(ColumnData data, int first, int end)
    {
        var column = (ValueColumn<bool>)data;
        for (var row = first; row < end; row++)
        {
            Append(column, row);
        }

        return end - first;
    }

    protected override int AppendEntries(ColumnData data, ReadOnlySpan<int> rows, int byteLimit)
    {
        var column = (ValueColumn<bool>)data;
        foreach (var row in rows)
        {
            if (row != Entries.Ended)
            {
                Append(column, row);
            }
        }

        return rows.Length;
    }

    protected override PageEncoding EncodeValues(PageBuffer output)
    {
        ReadOnlySpan<byte> values = pending.Written;
        sawFalse |= values.Contains((byte)0);
        sawTrue |= values.Contains((byte)1);
        var bytes = (values.Length + 7) / 8;
        BitPacking.Pack(values, bitWidth: 1, output.GetSpan(bytes)[..bytes]);
        output.Advance(bytes);
        pending.Clear();
        return PageEncoding.Plain;
    }

    protected override int EncodeDictionary(PageBuffer output) => throw new InvalidOperationException("Booleans have no dictionary.");

    protected override ColumnStatistics TakeStatistics()
    {
        var statistics = new ColumnStatistics
        {
            Min = sawFalse || sawTrue ? new ColumnValue.Flag(!sawFalse) : null,
            Max = sawFalse || sawTrue ? new ColumnValue.Flag(sawTrue) : null,
            NanCount = 0,
            IsExact = true,
        };
        (sawFalse, sawTrue) = (false, false);
        return statistics;
    }

    protected override void ReturnBuffers() => pending.Dispose();

    protected override void ResetDictionary()
    {
    }

    private void Append(ValueColumn<bool> column, int row)
    {
        if (!column.IsNull(row))
        {
            pending.Append(1)[0] = column.Values[row] ? (byte)1 : (byte)0;
        }
    }
}
