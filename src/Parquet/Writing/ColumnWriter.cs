using Latecomer.Parquet.Format;

namespace Latecomer.Parquet.Writing;

/// <summary>Takes one leaf of a row group value by value, and cuts it into pages between rows. Which values a page has and how they are encoded
/// is its subclass's; levels and pages' ends are here, the chunk is <see cref="ChunkPages"/>.</summary>
internal abstract class ColumnWriter(LeafColumn leaf, ParquetWriterOptions options) : IDisposable
{
    private readonly ChunkPages pages = new(leaf, options.Codec);
    private readonly PendingValues<byte> definition = new();
    private readonly PendingValues<byte> repetition = new();
    private readonly byte present = (byte)leaf.MaxDefinitionLevel;
    private bool isDisposed;
    private int pageEntries;
    private long nullCount;

    /// <summary>Bytes of the row group so far, about.</summary>
    public long EncodedBytes => pages.CompressedSize + PendingBytes;

    protected ParquetWriterOptions Options => options;

    /// <summary>Bytes of the values that wait for their page's end, in plain encoding.</summary>
    protected abstract int PendingBytes { get; }

    private bool IsPageFull => pageEntries >= options.PageRows || PendingBytes >= options.PageBytes;

    /// <summary>What writes the values of a leaf.</summary>
    public static ColumnWriter For(LeafColumn leaf, ParquetWriterOptions options) => (leaf.PhysicalType, leaf.Type) switch
    {
        (PhysicalType.Boolean, _) => new BooleanColumnWriter(leaf, options),
        (PhysicalType.Int32, ColumnType.UInt8 or ColumnType.UInt16 or ColumnType.UInt32) => new ValueColumnWriter<uint>(leaf, options),
        (PhysicalType.Int32, _) => new ValueColumnWriter<int>(leaf, options),
        (PhysicalType.Int64, ColumnType.UInt64) => new ValueColumnWriter<ulong>(leaf, options),
        (PhysicalType.Int64, _) => new ValueColumnWriter<long>(leaf, options),
        (PhysicalType.Float, _) => new ValueColumnWriter<float>(leaf, options),
        (PhysicalType.Double, _) => new ValueColumnWriter<double>(leaf, options),
        _ => new BinaryColumnWriter(leaf, options),
    };

    /// <summary>Appends the rows [<paramref name="first"/>, <paramref name="end"/>) of a top-level column.</summary>
    public void Append(ColumnData data, int first, int end)
    {
        while (first < end)
        {
            var fitting = Math.Min(end - first, options.PageRows - pageEntries);
            var taken = AppendRows(data, first, first + fitting);
            MarkRows(data, first, taken);
            first += taken;
            if (IsPageFull)
            {
                EndPage();
            }
        }
    }

    /// <summary>Appends the entries of a nested column; <paramref name="data"/> has the rows that they go on with.</summary>
    public void Append(ColumnData data, Entries entries)
    {
        for (var entry = 0; entry < entries.Count;)
        {
            // What is left of a row that a full page ends with goes into it too.
            var isFull = IsPageFull;
            var end = isFull ? entries.RowEnd(entry) : Math.Min(entries.Count, entry + options.PageRows - pageEntries);
            var taken = AppendEntries(data, entries.Rows[entry..end], isFull ? int.MaxValue : options.PageBytes);
            MarkEntries(data, entries, entry, taken);
            entry += taken;
            if (IsPageFull && entries.IsRowStart(entry))
            {
                EndPage();
            }
        }
    }

    /// <summary>Ends the row group's chunk and writes it to <paramref name="output"/>, which stands at <paramref name="offset"/>.</summary>
    public async ValueTask<WrittenChunk> FlushAsync(Stream output, long offset, CancellationToken cancellationToken)
    {
        if (pageEntries > 0 || pages.EntryCount == 0)
        {
            EndPage();
        }

        var statistics = TakeStatistics() with { NullCount = nullCount };
        var chunk = await pages.FlushAsync(output, offset, statistics, EncodeDictionary, cancellationToken);
        nullCount = 0;
        ResetDictionary();
        return chunk;
    }

    public void Dispose()
    {
        if (isDisposed)
        {
            return;
        }

        isDisposed = true;
        ReturnBuffers();
        definition.Dispose();
        repetition.Dispose();
        pages.Dispose();
    }

    /// <summary>Takes rows into the page until <paramref name="end"/>, or until the page is full; says how many.</summary>
    protected abstract int AppendRows(ColumnData data, int first, int end);

    /// <summary>Takes the values of rows into the page, of as many as <paramref name="byteLimit"/> lets, and one at least; says how many. Rows may be
    /// <see cref="Entries.Ended"/>, and null.</summary>
    protected abstract int AppendEntries(ColumnData data, ReadOnlySpan<int> rows, int byteLimit);

    /// <summary>Appends the page's values to <paramref name="output"/>, forgets them, and names their encoding.</summary>
    protected abstract PageEncoding EncodeValues(PageBuffer output);

    /// <summary>Appends the dictionary in plain encoding, and says how many entries it has.</summary>
    protected abstract int EncodeDictionary(PageBuffer output);

    /// <summary>The chunk's bounds.</summary>
    protected abstract ColumnStatistics TakeStatistics();

    /// <summary>Gives pooled buffers back, once.</summary>
    protected abstract void ReturnBuffers();

    /// <summary>Forgets the dictionary with the row group that it served.</summary>
    protected abstract void ResetDictionary();

    private void MarkRows(ColumnData data, int first, int count)
    {
        pageEntries += count;
        if (leaf.MaxDefinitionLevel == 0)
        {
            return;
        }

        var levels = definition.Append(count);
        if (data.NullCount == 0)
        {
            levels.Fill(present);
            return;
        }

        var validity = data.Validity.Slice(first, count);
        for (var row = 0; row < levels.Length; row++)
        {
            levels[row] = validity[row] ? present : (byte)0;
        }

        nullCount += validity.Count(false);
    }

    private void MarkEntries(ColumnData data, Entries entries, int first, int count)
    {
        pageEntries += count;
        if (leaf.MaxRepetitionLevel > 0)
        {
            entries.Repetition.Slice(first, count).CopyTo(repetition.Append(count));
        }

        var levels = definition.Append(count);
        entries.Definition.Slice(first, count).CopyTo(levels);
        var rows = entries.Rows.Slice(first, count);
        var validity = data.Validity;
        for (var index = 0; index < rows.Length; index++)
        {
            if (rows[index] == Entries.Ended)
            {
                nullCount++;
            }
            else if (validity.IsEmpty || validity[rows[index]])
            {
                levels[index] = present;
            }
            else
            {
                RequireNullable();
                nullCount++;
            }
        }
    }

    private void RequireNullable()
    {
        if (leaf.Element.Repetition == Repetition.Required)
        {
            throw new ArgumentException($"'{leaf.DottedPath}' is required, and a row has none.", nameof(leaf));
        }
    }

    private void EndPage()
    {
        pages.AddData(repetition.Written, definition.Written, pageEntries, EncodeValues);
        repetition.Clear();
        definition.Clear();
        pageEntries = 0;
    }
}
