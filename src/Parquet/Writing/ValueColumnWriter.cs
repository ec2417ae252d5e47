using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Latecomer.Parquet.Format;

namespace Latecomer.Parquet.Writing;

/// <summary>Writes numbers: <see cref="int"/>, <see cref="uint"/>, <see cref="long"/>, <see cref="ulong"/>, <see cref="float"/>, <see cref="double"/>.</summary>
internal sealed class ValueColumnWriter<T>(LeafColumn leaf, ParquetWriterOptions options) : ColumnWriter(leaf, options)
    where T : unmanaged, INumber<T>
{
    private readonly PendingValues<T> pending = new();
    private readonly ValueDictionary<T> dictionary = new();
    private readonly ValueBounds<T> bounds = new();
    private bool usesDictionary = options.UseDictionary;

    protected override int PendingBytes => pending.Count * Unsafe.SizeOf<T>();

    protected override int AppendRows(ColumnData data, int first, int end)
    {
        var column = (ValueColumn<T>)data;
        var count = Math.Min(end - first, RoomFor(Options.PageBytes));
        var values = column.Values.Slice(first, count);
        var target = pending.Append(count);
        if (column.NullCount == 0)
        {
            values.CopyTo(target);
            return count;
        }

        var validity = column.Validity.Slice(first, count);
        var taken = 0;
        for (var row = 0; row < values.Length; row++)
        {
            if (validity[row])
            {
                target[taken++] = values[row];
            }
        }

        pending.Drop(count - taken);
        return count;
    }

    protected override int AppendEntries(ColumnData data, ReadOnlySpan<int> rows, int byteLimit)
    {
        var column = (ValueColumn<T>)data;
        rows = rows[..Math.Min(rows.Length, RoomFor(byteLimit))];
        var values = column.Values;
        var validity = column.Validity;
        var target = pending.Append(rows.Length);
        var taken = 0;
        foreach (var row in rows)
        {
            if (row != Entries.Ended && (validity.IsEmpty || validity[row]))
            {
                target[taken++] = values[row];
            }
        }

        pending.Drop(rows.Length - taken);
        return rows.Length;
    }

    protected override PageEncoding EncodeValues(PageBuffer output)
    {
        var values = pending.Written;
        bounds.Add(values);
        pending.Clear();
        if (usesDictionary && TryEncodeIndices(values, output))
        {
            return PageEncoding.RleDictionary;
        }

        output.Write(MemoryMarshal.AsBytes(values));
        return PageEncoding.Plain;
    }

    protected override int EncodeDictionary(PageBuffer output)
    {
        output.Write(MemoryMarshal.AsBytes(dictionary.Entries));
        return dictionary.Count;
    }

    protected override ColumnStatistics TakeStatistics() => bounds.Take();

    protected override void ReturnBuffers() => pending.Dispose();

    protected override void ResetDictionary()
    {
        dictionary.Clear();
        usesDictionary = Options.UseDictionary;
    }

    /// <summary>How many values the page has room for, one at least.</summary>
    private int RoomFor(int byteLimit) => Math.Max(1, (byteLimit / Unsafe.SizeOf<T>()) - pending.Count);

    private bool TryEncodeIndices(ReadOnlySpan<T> values, PageBuffer output)
    {
        if (values.IsEmpty && dictionary.Count == 0)
        {
            return false;
        }

        var indices = ArrayPool<int>.Shared.Rent(Math.Max(values.Length, 1));
        var isFirst = dictionary.Count == 0;
        usesDictionary = dictionary.TryIndex(values, indices, Options.DictionaryBytes / Unsafe.SizeOf<T>());
        if (usesDictionary && isFirst)
        {
            usesDictionary = IndexEncoding.PaysOff(
                values.Length, dictionary.Count, dictionary.Count * Unsafe.SizeOf<T>(), values.Length * Unsafe.SizeOf<T>());
        }

        if (usesDictionary)
        {
            IndexEncoding.Encode(indices.AsSpan(0, values.Length), dictionary.Count, output);
        }

        ArrayPool<int>.Shared.Return(indices);
        return usesDictionary;
    }
}
