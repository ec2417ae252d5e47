using System.Buffers;
using System.Buffers.Binary;
using Latecomer.Parquet.Compression;
using Latecomer.Parquet.Encodings;
using Latecomer.Parquet.Format;
using Latecomer.Parquet.Thrift;

namespace Latecomer.Parquet.Writing;

/// <summary>Collects one column of a row group as finished pages, and gives them to the file with the row group. Which
/// values a page has and how they are encoded is its subclass's; levels, pages and the chunk are here.</summary>
internal abstract class ColumnWriter(SchemaElement element, ColumnType type, ParquetWriterOptions options) : IDisposable
{
    private readonly PageBuffer body = new();
    private readonly PageBuffer header = new();
    private readonly List<(byte[] Rented, int Length)> pages = [];
    private readonly int[] levels = element.Repetition == Repetition.Optional ? ArrayPool<int>.Shared.Rent(options.PageRows) : [];
    private bool isDisposed;
    private int pageRows;
    private long chunkRows;
    private long nullCount;
    private long uncompressedSize;
    private long compressedSize;
    private int dictionaryEncodedPages;
    private int plainPages;

    /// <summary>Bytes of the row group so far, about.</summary>
    public long EncodedBytes => compressedSize + PendingBytes;

    protected ParquetWriterOptions Options => options;

    /// <summary>Bytes of the values that wait for their page's end, in plain encoding.</summary>
    protected abstract int PendingBytes { get; }

    /// <summary>Appends the rows [<paramref name="first"/>, <paramref name="end"/>).</summary>
    public void Append(ColumnData data, int first, int end)
    {
        while (first < end)
        {
            var fitting = Math.Min(end - first, options.PageRows - pageRows);
            var taken = AppendValues(data, first, first + fitting);
            MarkLevels(data, first, taken);
            first += taken;
            if (pageRows == options.PageRows || PendingBytes >= options.PageBytes)
            {
                EndPage();
            }
        }
    }

    /// <summary>Ends the row group's chunk and writes it to <paramref name="output"/>, which stands at <paramref name="offset"/>.</summary>
    public async ValueTask<WrittenChunk> FlushAsync(Stream output, long offset, CancellationToken cancellationToken)
    {
        if (pageRows > 0 || chunkRows == 0)
        {
            EndPage();
        }

        var dictionary = dictionaryEncodedPages > 0 ? EncodeDictionaryPage() : default;
        var dictionaryBytes = dictionary.Length;
        if (dictionary.Rented is not null)
        {
            await output.WriteAsync(dictionary.Rented.AsMemory(0, dictionary.Length), cancellationToken);
            ArrayPool<byte>.Shared.Return(dictionary.Rented);
        }

        foreach (var (rented, length) in pages)
        {
            await output.WriteAsync(rented.AsMemory(0, length), cancellationToken);
        }

        var chunk = new WrittenChunk
        {
            Element = element,
            Type = type,
            Codec = options.Codec,
            ValueCount = chunkRows,
            UncompressedSize = uncompressedSize,
            CompressedSize = compressedSize,
            DictionaryPageOffset = dictionaryBytes > 0 ? offset : null,
            DataPageOffset = offset + dictionaryBytes,
            DictionaryEncodedPages = dictionaryEncodedPages,
            PlainPages = plainPages,
            Statistics = TakeStatistics() with { NullCount = nullCount },
        };
        Reset();
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
        if (levels.Length > 0)
        {
            ArrayPool<int>.Shared.Return(levels);
        }

        body.Dispose();
        header.Dispose();
        foreach (var (rented, _) in pages)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        pages.Clear();
    }

    /// <summary>Takes rows into the page until <paramref name="end"/>, or until the page is full; says how many.</summary>
    protected abstract int AppendValues(ColumnData data, int first, int end);

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

    private void MarkLevels(ColumnData data, int first, int count)
    {
        if (levels.Length > 0)
        {
            var marked = levels.AsSpan(pageRows, count);
            if (data.NullCount == 0)
            {
                marked.Fill(1);
            }
            else
            {
                var validity = data.Validity.Slice(first, count);
                for (var row = 0; row < count; row++)
                {
                    marked[row] = validity[row] ? 1 : 0;
                }

                nullCount += validity.Count(false);
            }
        }

        pageRows += count;
        chunkRows += count;
    }

    private void EndPage()
    {
        body.Clear();
        if (levels.Length > 0)
        {
            // The length of the levels stands before them, and is known after them.
            body.GetSpan(4)[..4].Clear();
            body.Advance(4);
            RleEncoder.Encode(levels.AsSpan(0, pageRows), bitWidth: 1, body);
            BinaryPrimitives.WriteInt32LittleEndian(body.Written, body.Length - 4);
        }

        var encoding = EncodeValues(body);
        if (encoding == PageEncoding.RleDictionary)
        {
            dictionaryEncodedPages++;
        }
        else
        {
            plainPages++;
        }

        pages.Add(Finish(new PageHeader { Kind = PageKind.Data, ValueCount = pageRows, Encoding = encoding }));
        pageRows = 0;
    }

    private (byte[] Rented, int Length) EncodeDictionaryPage()
    {
        body.Clear();
        var count = EncodeDictionary(body);
        return Finish(new PageHeader { Kind = PageKind.Dictionary, ValueCount = count, Encoding = PageEncoding.Plain });
    }

    /// <summary>Joins the header with the body as it is stored.</summary>
    private (byte[] Rented, int Length) Finish(PageHeader page)
    {
        var (stored, length) = PageCompression.Compress(options.Codec, body.Written);
        header.Clear();
        page.UncompressedSize = body.Length;
        page.CompressedSize = length;
        page.Write(new CompactWriter(header));
        uncompressedSize += header.Length + body.Length;
        compressedSize += header.Length + length;
        var joined = ArrayPool<byte>.Shared.Rent(header.Length + length);
        header.Written.CopyTo(joined);
        stored.AsSpan(0, length).CopyTo(joined.AsSpan(header.Length));
        ArrayPool<byte>.Shared.Return(stored);
        return (joined, header.Length + length);
    }

    private void Reset()
    {
        foreach (var (rented, _) in pages)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        pages.Clear();
        ResetDictionary();
        (chunkRows, nullCount, uncompressedSize, compressedSize) = (0, 0, 0, 0);
        (dictionaryEncodedPages, plainPages) = (0, 0);
    }
}
