using System.Buffers;
using Latecomer.Parquet.Encodings;
using Latecomer.Parquet.Format;

namespace Latecomer.Parquet.Writing;

/// <summary>Writes booleans as bits.</summary>
internal sealed class BooleanColumnWriter(SchemaElement element, ColumnType type, ParquetWriterOptions options)
    : ColumnWriter(element, type, options)
{
    private readonly int[] pending = ArrayPool<int>.Shared.Rent(options.PageRows);
    private int pendingCount;
    private bool sawFalse;
    private bool sawTrue;

    protected override int PendingBytes => pendingCount / 8;

    protected override int AppendValues(ColumnData data, int first, int end)
    {
        var column = (ValueColumn<bool>)data;
        for (var row = first; row < end; row++)
        {
            if (!column.IsNull(row))
            {
                pending[pendingCount++] = column.Values[row] ? 1 : 0;
            }
        }

        return end - first;
    }

    protected override PageEncoding EncodeValues(PageBuffer output)
    {
        var values = pending.AsSpan(0, pendingCount);
        sawFalse |= values.Contains(0);
        sawTrue |= values.Contains(1);
        var bytes = (values.Length + 7) / 8;
        BitPacking.Pack(values, bitWidth: 1, output.GetSpan(bytes)[..bytes]);
        output.Advance(bytes);
        pendingCount = 0;
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

    protected override void ReturnBuffers() => ArrayPool<int>.Shared.Return(pending);

    protected override void ResetDictionary()
    {
    }
}
