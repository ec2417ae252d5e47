using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Latecomer.Parquet.Format;

namespace Latecomer.Parquet.Writing;

/// <summary>Writes texts and bytes, of any or of one length.</summary>
internal sealed class BinaryColumnWriter : ColumnWriter
{
    /// <summary>The page's values in plain encoding, and where each lies in it.</summary>
    private readonly PageBuffer pending = new();
    private readonly PendingValues<BinaryRange> ranges = new();
    private readonly BinaryDictionary dictionary;
    private readonly ColumnType type;
    private readonly int prefixBytes;
    private readonly PageBuffer min = new();
    private readonly PageBuffer max = new();
    private bool hasBounds;
    private bool usesDictionary;

    public BinaryColumnWriter(LeafColumn leaf, ParquetWriterOptions options)
        : base(leaf, options)
    {
        type = leaf.Type;
        prefixBytes = leaf.PhysicalType == PhysicalType.ByteArray ? sizeof(int) : 0;
        dictionary = new BinaryDictionary(prefixBytes);
        usesDictionary = options.UseDictionary;
    }

    protected override int PendingBytes => pending.Length;

    protected override int AppendRows(ColumnData data, int first, int end)
    {
        var row = first;
        for (; row < end && (row == first || pending.Length < Options.PageBytes); row++)
        {
            Append(data, row);
        }

        return row - first;
    }

    protected override int AppendEntries(ColumnData data, ReadOnlySpan<int> rows, int byteLimit)
    {
        var index = 0;
        for (; index < rows.Length && (index == 0 || pending.Length < byteLimit); index++)
        {
            if (rows[index] != Entries.Ended)
            {
                Append(data, rows[index]);
            }
        }

        return index;
    }

    protected override PageEncoding EncodeValues(PageBuffer output)
    {
        var encoding = PageEncoding.RleDictionary;
        if (!usesDictionary || !TryEncodeIndices(output))
        {
            encoding = PageEncoding.Plain;
            output.Write(pending.Written);
            foreach (var range in ranges.Written)
            {
                Widen(pending.Written.Slice(range.Start, range.Length));
            }
        }

        pending.Clear();
        ranges.Clear();
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
            Min = hasBounds ? new ColumnValue.Bytes(min.Written.ToArray()) : null,
            Max = hasBounds ? new ColumnValue.Bytes(max.Written.ToArray()) : null,
            NanCount = 0,
            IsExact = true,
        };
        hasBounds = false;
        return statistics;
    }

    protected override void ReturnBuffers()
    {
        ranges.Dispose();
        pending.Dispose();
        min.Dispose();
        max.Dispose();
        dictionary.Dispose();
    }

    protected override void ResetDictionary()
    {
        dictionary.Clear();
        usesDictionary = Options.UseDictionary;
    }

    private void Append(ColumnData data, int row)
    {
        if (data.IsNull(row))
        {
            return;
        }

        var value = data is ValueColumn<Int96> timestamps ? MemoryMarshal.AsBytes(timestamps.Values.Slice(row, 1)) : ((BinaryColumn)data).GetBytes(row);
        var target = pending.GetSpan(checked(prefixBytes + value.Length));
        if (prefixBytes > 0)
        {
            BinaryPrimitives.WriteInt32LittleEndian(target, value.Length);
        }

        value.CopyTo(target[prefixBytes..]);
        ranges.Append(1)[0] = new BinaryRange(pending.Length + prefixBytes, value.Length);
        pending.Advance(prefixBytes + value.Length);
    }

    private bool TryEncodeIndices(PageBuffer output)
    {
        var known = dictionary.Count;
        if (ranges.Count == 0 && known == 0)
        {
            return false;
        }

        var indices = ArrayPool<int>.Shared.Rent(Math.Max(ranges.Count, 1));
        usesDictionary = dictionary.TryIndex(pending.Written, ranges.Written, indices, Options.DictionaryBytes);
        if (usesDictionary && known == 0)
        {
            usesDictionary = IndexEncoding.PaysOff(ranges.Count, dictionary.Count, dictionary.PlainBytes, pending.Length);
        }

        if (usesDictionary)
        {
            IndexEncoding.Encode(indices.AsSpan(0, ranges.Count), dictionary.Count, output);

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
        if (!BytesOrder.Exists(type))
        {
            return;
        }

        if (!hasBounds || BytesOrder.Compare(type, value, min.Written) < 0)
        {
            min.Clear();
            min.Write(value);
        }

        if (!hasBounds || BytesOrder.Compare(type, value, max.Written) > 0)
        {
            max.Clear();
            max.Write(value);
        }

        hasBounds = true;
    }
}
