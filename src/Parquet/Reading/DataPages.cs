using Latecomer.Parquet.Encodings;
using Latecomer.Parquet.Format;

namespace Latecomer.Parquet.Reading;

/// <summary>The data pages of a column chunk: decompresses them, finds their levels, and hands dictionaries and values to the assembler.
/// An entry is what has levels: a value, a null, or an empty list.</summary>
internal sealed class DataPages(
    IRandomAccessSource source, LeafColumn leaf, ColumnChunkMetadata chunk, ColumnAssembler assembler, ReadBudget budget) : IDisposable
{
    private readonly PageStream pages = new(source, chunk, budget);
    private readonly PageOutput output = new(budget);
    private LevelDecoder repetition;
    private LevelDecoder definition;
    private bool hasDictionary;

    /// <summary>Entries of the current page whose repetition levels are not read yet.</summary>
    public int EntriesLeft { get; private set; }

    /// <summary>Entries of all pages so far.</summary>
    public long EntriesSeen { get; private set; }

    /// <summary>Where in the file the current page begins.</summary>
    public long PageOffset => pages.PageOffset;

    /// <summary>Goes on to a page that has entries; dictionaries are taken and index pages passed over on the way. False after the
    /// last page.</summary>
    public async ValueTask<bool> NextAsync(CancellationToken cancellationToken)
    {
        while (EntriesLeft == 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!await pages.NextAsync(cancellationToken))
            {
                return false;
            }

            TakePage();
        }

        return true;
    }

    /// <summary>Reads the repetition levels of the next entries of the page, or passes over them in a column that does not repeat.</summary>
    public void ReadRepetition(Span<byte> levels)
    {
        repetition.Read(levels);
        EntriesLeft -= levels.Length;
    }

    /// <summary>Passes over entries of a column that does not repeat.</summary>
    public void TakeEntries(int count) => EntriesLeft -= count;

    /// <summary>Reads the definition levels of the next entries of the page.</summary>
    public void ReadDefinition(Span<byte> levels) => definition.Read(levels);

    public void Dispose()
    {
        pages.Dispose();
        output.Dispose();
    }

    private void TakePage()
    {
        var header = pages.Header;
        if (header.Kind is not (PageKind.Data or PageKind.Dictionary or PageKind.DataV2))
        {
            return;
        }

        if (!header.IsComplete)
        {
            throw ParquetException.Corrupt($"The header of a {header.Kind} page lacks what is said of such pages.");
        }

        switch (header.Kind)
        {
            case PageKind.Dictionary when hasDictionary:
                throw ParquetException.Corrupt("The column chunk has two dictionaries.");
            case PageKind.Dictionary when header.Encoding is not (PageEncoding.Plain or PageEncoding.PlainDictionary):
                throw ParquetException.Unsupported($"A dictionary in encoding {header.Encoding} is not read.");
            case PageKind.Dictionary:
                assembler.SetDictionary(Decompress(pages.Body, header.UncompressedSize, isCompressed: true).Span, header.ValueCount);
                hasDictionary = true;
                break;
            case PageKind.Data:
                TakeVersion1(header);
                break;
            default:
                TakeVersion2(header);
                break;
        }
    }

    private void TakeVersion1(PageHeader header)
    {
        var body = Decompress(pages.Body, header.UncompressedSize, isCompressed: true);
        if (leaf.MaxRepetitionLevel > 0)
        {
            repetition = LevelDecoder.Take(ref body, header.RepetitionLevelEncoding, leaf.MaxRepetitionLevel, header.ValueCount);
        }

        if (leaf.MaxDefinitionLevel > 0)
        {
            definition = LevelDecoder.Take(ref body, header.DefinitionLevelEncoding, leaf.MaxDefinitionLevel, header.ValueCount);
        }

        Begin(header, body);
    }

    private void TakeVersion2(PageHeader header)
    {
        var levelBytes = (long)header.RepetitionLevelBytes + header.DefinitionLevelBytes;
        if (header.RepetitionLevelBytes < 0 || header.DefinitionLevelBytes < 0 || levelBytes > Math.Min(header.CompressedSize, header.UncompressedSize))
        {
            throw ParquetException.Corrupt("The levels run over the end of their page.");
        }

        if (leaf.MaxRepetitionLevel > 0)
        {
            repetition = LevelDecoder.Runs(pages.Body[..header.RepetitionLevelBytes], leaf.MaxRepetitionLevel);
        }

        if (leaf.MaxDefinitionLevel > 0)
        {
            definition = LevelDecoder.Runs(pages.Body.Slice(header.RepetitionLevelBytes, header.DefinitionLevelBytes), leaf.MaxDefinitionLevel);
        }

        var values = pages.Body[(int)levelBytes..];
        Begin(header, Decompress(values, header.UncompressedSize - (int)levelBytes, header.IsCompressed));
    }

    private void Begin(PageHeader header, ReadOnlyMemory<byte> values)
    {
        EntriesLeft = header.ValueCount;
        EntriesSeen += header.ValueCount;
        if (EntriesLeft > 0)
        {
            assembler.SetPage(header.Encoding, values);
        }
    }

    private ReadOnlyMemory<byte> Decompress(ReadOnlyMemory<byte> body, int length, bool isCompressed)
    {
        // Pages of nulls alone may have no bytes at all, whatever the codec.
        if (length == 0)
        {
            return default;
        }

        var codec = isCompressed ? chunk.Codec : CompressionCodec.Uncompressed;
        if (codec != CompressionCodec.Uncompressed)
        {
            return output.Decompress(codec, body, length);
        }

        return body.Length == length
            ? body
            : throw ParquetException.Corrupt($"An uncompressed page has {body.Length} bytes where its header has {length}.");
    }
}
