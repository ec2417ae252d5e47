using System.Buffers;
using System.Buffers.Binary;
using Latecomer.Parquet.Format;

namespace Latecomer.Parquet.Writing;

/// <summary>Writes texts and bytes.</summary>
internal sealed class BinaryColumnWriter(SchemaElement element, ColumnType type, ParquetWriterOptions options)
    : ColumnWriter(element, type, options)
{
    /// <summary>The page's values in plain encoding, and where each lies in it.</summary>
    private readonly PageBuffer pending = new();
    private readonly BinaryRange[] ranges = ArrayPool<BinaryRange>.Shared.Rent(options.PageRows);
    private readonly BinaryDictionary dictionary = new();
    private byte[]? min;
    private byte[]? max;
    private int pendingCount;
    private bool usesDictionary = options.UseDictionary;

    protected override int PendingBytes => pending.Length;

    protected override int AppendValues(ColumnData data, int first, int end)
    {
        var column = (BinaryColumn)data;
        var row = first;
        for (; row < end && (row == first || pending.Length < Options.PageBytes); row++)
        {
            if (column.IsNull(row))
            {
                continue;
            }

            var value = column.GetBytes(row);
            var target = pending.GetSpan(checked(4 + value.Length));
            BinaryPrimitives.WriteInt32LittleEndian(target, value.Length);
            value.CopyTo(target[4..]);
            ranges[pendingCount++] = new BinaryRange(pending.Length + 4, value.Length);
            pending.Advance(4 + value.Length);
        }

        return row - first;
    }

    protected override PageEncoding EncodeValues(PageBuffer output)
    {
        var encoding = PageEncoding.RleDictionary;
        if (!usesDictionary || !TryEncodeIndices(output))
        {
            encoding = PageEncoding.Plain;
            output.Write(pending.Written);
            foreach (var range in ranges.AsSpan(0, pendingCount))
            {
                Widen(pending.Written.Slice(range.Start, range.Length));
            }
        }

        pending.Clear();
        pendingCount = 0;
        return encoding;
    }

    protected override int EncodeDictionary(PageBuffer output)
    {
        output.Write(dictionary.Plain);
        return dictionary.Count;
    }

    protected override ColumnStatistics TakeStatistics()
    {
        var statistics = new ColumnStatistics
        {
            Min = min is null ? null : new ColumnValue.Bytes(min),
            Max = max is null ? null : new ColumnValue.Bytes(max),
            NanCount = 0,
            IsExact = true,
        };
        (min, max) = (null, null);
        return statistics;
    }

    protected override void ReturnBuffers()
    {
        ArrayPool<BinaryRange>.Shared.Return(ranges);
        pending.Dispose();
        dictionary.Dispose();
    }

    protected override void ResetDictionary()
    {
        dictionary.Clear();
        usesDictionary = Options.UseDictionary;
    }

    private bool TryEncodeIndices(PageBuffer output)
    {
        var known = dictionary.Count;
        if (pendingCount == 0 && known == 0)
        {
            return false;
        }

        var indices = ArrayPool<int>.Shared.Rent(Math.Max(pendingCount, 1));
        usesDictionary = dictionary.TryIndex(pending.Written, ranges.AsSpan(0, pendingCount), indices, Options.DictionaryBytes);
        if (usesDictionary && known == 0)
        {
            usesDictionary = IndexEncoding.PaysOff(pendingCount, dictionary.Count, dictionary.PlainBytes, pending.Length);
        }

        if (usesDictionary)
        {
            IndexEncoding.Encode(indices.AsSpan(0, pendingCount), dictionary.Count, output);

            // Every value of the page is an entry, and the older entries are within the bounds already.
            for (var entry = known; entry < dictionary.Count; entry++)
            {
                Widen(dictionary[entry]);
            }
        }

        ArrayPool<int>.Shared.Return(indices);
        return usesDictionary;
    }

    private void Widen(ReadOnlySpan<byte> value)
    {
        if (min is null || value.SequenceCompareTo(min) < 0)
        {
            min = value.ToArray();
        }

        if (max is null || value.SequenceCompareTo(max) > 0)
        {
            max = value.ToArray();
        }
    }
}
