using System.Buffers;
using System.Buffers.Binary;
using Latecomer.Parquet.Compression;
using Latecomer.Parquet.Encodings;
using Latecomer.Parquet.Format;

namespace Latecomer.Parquet.Reading;

/// <summary>Reads one flat column chunk, some rows at a time.</summary>
internal sealed class ColumnChunkReader : IDisposable
{
    private readonly IRandomAccessSource source;
    private readonly LeafColumn leaf;
    private readonly ColumnChunkMetadata chunk;
    private readonly PageStream pages;
    private readonly ColumnAssembler assembler;
    private byte[] uncompressed = [];
    private RleDecoder levels;
    private int pageLeft;
    private bool hasDictionary;

    public ColumnChunkReader(IRandomAccessSource source, LeafColumn leaf, ColumnChunkMetadata chunk, ParquetReadOptions options)
    {
        this.source = source;
        this.leaf = leaf;
        this.chunk = chunk;
        pages = new PageStream(source, chunk, options);
        assembler = leaf.PhysicalType switch
        {
            PhysicalType.Boolean => new BooleanAssembler(),
            PhysicalType.Int32 => new ValueAssembler<int>(),
            PhysicalType.Int64 => new ValueAssembler<long>(),
            PhysicalType.Float => new ValueAssembler<float>(),
            PhysicalType.Double => new ValueAssembler<double>(),
            PhysicalType.ByteArray => new BinaryAssembler(fixedLength: null),
            PhysicalType.FixedLengthByteArray => new BinaryAssembler(leaf.Element.TypeLength),
            _ => throw ParquetException.Unsupported($"Values of {leaf.PhysicalType} are not read.").At(source.Name, leaf.DottedPath),
        };
    }

    private bool IsOptional => leaf.MaxDefinitionLevel == 1;

    /// <summary>Reads the next <paramref name="rows"/> rows, which the chunk must have.</summary>
    public async ValueTask<ColumnData> ReadAsync(int rows, CancellationToken cancellationToken)
    {
        assembler.Begin(rows);
        var validity = IsOptional ? ArrayPool<bool>.Shared.Rent(Math.Max(rows, 1)) : null;
        try
        {
            var (filled, nulls) = (0, 0);
            while (filled < rows)
            {
                await FillPageAsync(rows, filled, cancellationToken);
                var taken = Math.Min(pageLeft, rows - filled);
                nulls += Append(taken, validity is null ? default : validity.AsSpan(filled, taken));
                filled += taken;
            }

            var column = assembler.Finish(validity, nulls);
            validity = null;
            return column;
        }
        catch (ParquetException exception)
        {
            throw exception.At(source.Name, leaf.DottedPath, pages.PageOffset);
        }
        finally
        {
            if (validity is not null)
            {
                ArrayPool<bool>.Shared.Return(validity);
            }
        }
    }

    public void Dispose()
    {
        assembler.Dispose();
        pages.Dispose();
        if (uncompressed.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(uncompressed);
            uncompressed = [];
        }
    }

    private int Append(int rows, Span<bool> validity)
    {
        var present = IsOptional ? levels.ReadBits(validity) : rows;
        assembler.Append(rows, present, validity);
        pageLeft -= rows;
        return rows - present;
    }

    /// <summary>Goes on to a page that has values left; dictionaries are taken and index pages passed over on the way.</summary>
    private async ValueTask FillPageAsync(int rows, int filled, CancellationToken cancellationToken)
    {
        while (pageLeft == 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!await pages.NextAsync(cancellationToken))
            {
                throw ParquetException.Corrupt($"The column chunk ends {rows - filled} or more values before its row group.");
            }

            TakePage();
        }
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
        if (IsOptional)
        {
            if (header.DefinitionLevelEncoding != PageEncoding.Rle)
            {
                throw ParquetException.Unsupported($"Definition levels in encoding {header.DefinitionLevelEncoding} are not read.");
            }

            if (body.Length < 4 || BinaryPrimitives.ReadUInt32LittleEndian(body.Span) > (uint)(body.Length - 4))
            {
                throw ParquetException.Corrupt("The definition levels run over the end of their page.");
            }

            var length = BinaryPrimitives.ReadInt32LittleEndian(body.Span);
            levels = new RleDecoder(body.Slice(4, length), bitWidth: 1, maxValue: 1);
            body = body[(4 + length)..];
        }

        assembler.SetPage(header.Encoding, body);
        pageLeft = header.ValueCount;
    }

    private void TakeVersion2(PageHeader header)
    {
        var levelBytes = (long)header.RepetitionLevelBytes + header.DefinitionLevelBytes;
        if (header.RepetitionLevelBytes < 0 || header.DefinitionLevelBytes < 0 || levelBytes > Math.Min(header.CompressedSize, header.UncompressedSize))
        {
            throw ParquetException.Corrupt("The levels run over the end of their page.");
        }

        levels = IsOptional
            ? new RleDecoder(pages.Body.Slice(header.RepetitionLevelBytes, header.DefinitionLevelBytes), bitWidth: 1, maxValue: 1)
            : default;
        var values = pages.Body[(int)levelBytes..];
        assembler.SetPage(header.Encoding, Decompress(values, header.UncompressedSize - (int)levelBytes, header.IsCompressed));
        pageLeft = header.ValueCount;
    }

    private ReadOnlyMemory<byte> Decompress(ReadOnlyMemory<byte> body, int length, bool isCompressed)
    {
        // Pages of nulls alone may have no bytes at all, whatever the codec.
        if (body.IsEmpty && length == 0)
        {
            return body;
        }

        var codec = isCompressed ? chunk.Codec : CompressionCodec.Uncompressed;
        PageCompression.Check(codec, body.Length, length);
        if (codec == CompressionCodec.Uncompressed)
        {
            return body.Length == length
                ? body
                : throw ParquetException.Corrupt($"An uncompressed page has {body.Length} bytes where its header has {length}.");
        }

        if (uncompressed.Length < length)
        {
            if (uncompressed.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(uncompressed);
            }

            uncompressed = ArrayPool<byte>.Shared.Rent(length);
        }

        PageCompression.Decompress(codec, body.Span, uncompressed.AsSpan(0, length));
        return uncompressed.AsMemory(0, length);
    }
}
