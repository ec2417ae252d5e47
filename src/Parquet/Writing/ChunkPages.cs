using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using Latecomer.Parquet.Compression;
using Latecomer.Parquet.Encodings;
using Latecomer.Parquet.Format;
using Latecomer.Parquet.Thrift;

namespace Latecomer.Parquet.Writing;

/// <summary>Collects the finished pages of a column chunk, compressed, and gives them to the file with the row group.</summary>
internal sealed class ChunkPages(LeafColumn leaf, CompressionCodec codec) : IDisposable
{
    private readonly PageBuffer body = new();
    private readonly PageBuffer header = new();
    private readonly List<(byte[] Rented, int Length)> pages = [];
    private long uncompressedSize;
    private int dictionaryEncodedPages;
    private int plainPages;

    /// <summary>Values, nulls and empty lists of all pages.</summary>
    public long EntryCount { get; private set; }

    /// <summary>Bytes of all pages with their headers.</summary>
    public long CompressedSize { get; private set; }

    /// <summary>Adds a page of these levels, and of the values that <paramref name="encode"/> appends.</summary>
    public void AddData(ReadOnlySpan<byte> repetition, ReadOnlySpan<byte> definition, int entries, Func<PageBuffer, PageEncoding> encode)
    {
        body.Clear();
        AddLevels(repetition, leaf.MaxRepetitionLevel);
        AddLevels(definition, leaf.MaxDefinitionLevel);
        var encoding = encode(body);
        if (encoding == PageEncoding.RleDictionary)
        {
            dictionaryEncodedPages++;
        }
        else
        {
            plainPages++;
        }

        EntryCount += entries;
        pages.Add(Finish(new PageHeader { Kind = PageKind.Data, ValueCount = entries, Encoding = encoding }));
    }

    /// <summary>Writes the chunk to <paramref name="output"/>, which stands at <paramref name="offset"/>, and begins anew.
    /// <paramref name="encodeDictionary"/> is asked for the dictionary if a page refers to it.</summary>
    public async ValueTask<WrittenChunk> FlushAsync(
        Stream output, long offset, ColumnStatistics statistics, Func<PageBuffer, int> encodeDictionary, CancellationToken cancellationToken)
    {
        var dictionaryBytes = dictionaryEncodedPages > 0 ? InsertDictionary(encodeDictionary) : 0;
        foreach (var (rented, length) in pages)
        {
            await output.WriteAsync(rented.AsMemory(0, length), cancellationToken);
        }

        var chunk = new WrittenChunk
        {
            Leaf = leaf,
            Codec = codec,
            ValueCount = EntryCount,
            UncompressedSize = uncompressedSize,
            CompressedSize = CompressedSize,
            DictionaryPageOffset = dictionaryBytes > 0 ? offset : null,
            DataPageOffset = offset + dictionaryBytes,
            DictionaryEncodedPages = dictionaryEncodedPages,
            PlainPages = plainPages,
            Statistics = statistics,
        };
        ReturnPages();
        (EntryCount, uncompressedSize, CompressedSize) = (0, 0, 0);
        (dictionaryEncodedPages, plainPages) = (0, 0);
        return chunk;
    }

    public void Dispose()
    {
        body.Dispose();
        header.Dispose();
        ReturnPages();
    }

    private void ReturnPages()
    {
        foreach (var (rented, _) in pages)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        pages.Clear();
    }

    private void AddLevels(ReadOnlySpan<byte> levels, int max)
    {
        if (max == 0)
        {
            return;
        }

        // The length of the levels stands before them, and is known after them.
        var start = body.Length;
        body.GetSpan(sizeof(int))[..sizeof(int)].Clear();
        body.Advance(sizeof(int));
        RleEncoder.Encode(levels, BitOperations.Log2((uint)max) + 1, body);
        BinaryPrimitives.WriteInt32LittleEndian(body.Written[start..], body.Length - start - sizeof(int));
    }

    private int InsertDictionary(Func<PageBuffer, int> encode)
    {
        body.Clear();
        var count = encode(body);
        var page = Finish(new PageHeader { Kind = PageKind.Dictionary, ValueCount = count, Encoding = PageEncoding.Plain });
        pages.Insert(0, page);
        return page.Length;
    }

    /// <summary>Joins the header with the body as it is stored.</summary>
    private (byte[] Rented, int Length) Finish(PageHeader page)
    {
        var (stored, length) = PageCompression.Compress(codec, body.Written);
        header.Clear();
        page.UncompressedSize = body.Length;
        page.CompressedSize = length;
        page.Write(new CompactWriter(header));
        uncompressedSize += header.Length + body.Length;
        CompressedSize += header.Length + length;
        var joined = ArrayPool<byte>.Shared.Rent(header.Length + length);
        header.Written.CopyTo(joined);
        stored.AsSpan(0, length).CopyTo(joined.AsSpan(header.Length));
        ArrayPool<byte>.Shared.Return(stored);
        return (joined, header.Length + length);
    }
}
