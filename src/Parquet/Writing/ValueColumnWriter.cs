using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Latecomer.Parquet.Format;

namespace Latecomer.Parquet.Writing;

/// <summary>Writes numbers: <see cref="int"/>, <see cref="long"/>, <see cref="float"/>, <see cref="double"/>.</summary>
internal sealed class ValueColumnWriter<T>(SchemaElement element, ColumnType type, ParquetWriterOptions options)
    : ColumnWriter(element, type, options)
    where T : unmanaged, INumber<T>
{
    private readonly T[] pending = ArrayPool<T>.Shared.Rent(options.PageRows);
    private readonly ValueDictionary<T> dictionary = new();
    private readonly ValueBounds<T> bounds = new();
    private int pendingCount;
    private bool usesDictionary = options.UseDictionary;

    protected override int PendingBytes => pendingCount * Unsafe.SizeOf<T>();

    protected override int AppendValues(ColumnData data, int first, int end)
    {
        var column = (ValueColumn<T>)data;
        var roomInPage = Math.Max(1, (Options.PageBytes / Unsafe.SizeOf<T>()) - pendingCount);
        var count = Math.Min(end - first, roomInPage);
        var values = column.Values.Slice(first, count);
        if (column.NullCount == 0)
        {
            values.CopyTo(pending.AsSpan(pendingCount));
            pendingCount += count;
            return count;
        }

        var validity = column.Validity.Slice(first, count);
        for (var row = 0; row < values.Length; row++)
        {
            if (validity[row])
            {
                pending[pendingCount++] = values[row];
            }
        }

        return count;
    }

    protected override PageEncoding EncodeValues(PageBuffer output)
    {
        var values = pending.AsSpan(0, pendingCount);
        bounds.Add(values);
        pendingCount = 0;
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

    protected override void ReturnBuffers() => ArrayPool<T>.Shared.Return(pending);

    protected override void ResetDictionary()
    {
        dictionary.Clear();
        usesDictionary = Options.UseDictionary;
    }

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
