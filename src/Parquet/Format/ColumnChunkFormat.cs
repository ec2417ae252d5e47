using Latecomer.Parquet.Thrift;

namespace Latecomer.Parquet.Format;

/// <summary>A ColumnChunk with its ColumnMetaData as stored.</summary>
internal sealed class ColumnChunkFormat
{
    /// <summary>No page takes less with its header, and none has more values than 32 bits can say.</summary>
    private const int LeastPageBytes = 8;

    private const int MaxEncodings = 64;

    private readonly List<PageEncoding> encodings = [];
    private IReadOnlyList<string> path = [];
    private PhysicalType physicalType = (PhysicalType)(-1);
    private CompressionCodec codec;
    private long valueCount;
    private long uncompressedSize;
    private long compressedSize;
    private long dataPageOffset;
    private long? dictionaryPageOffset;
    private StatisticsFormat.Stored? statistics;
    private string? filePath;
    private bool hasMetadata;

    public static ColumnChunkFormat Read(ref CompactReader reader)
    {
        var chunk = new ColumnChunkFormat();
        var previousId = 0;
        while (reader.NextField(ref previousId, out var field))
        {
            switch (field.Id)
            {
                case 1:
                    chunk.filePath = reader.ReadString(field);
                    break;
                case 3:
                    CompactReader.ExpectStruct(field);
                    chunk.ReadMetadata(ref reader);
                    break;
                default:
                    reader.Skip(field);
                    break;
            }
        }

        return chunk;
    }

    /// <summary>Checks the chunk against its leaf and the file, whose data ends at <paramref name="dataEnd"/>, and says how many bytes
    /// it takes.</summary>
    public long Check(LeafColumn leaf, long rowCount, long dataEnd)
    {
        try
        {
            CheckLeaf(leaf);
            CheckPlace(leaf, rowCount, dataEnd);
            return valueCount == 0 ? 0 : compressedSize;
        }
        catch (ParquetException exception)
        {
            throw exception.At(file: null, leaf.DottedPath);
        }
    }

    /// <summary>What is said of the chunk, which was checked.</summary>
    public ColumnChunkMetadata ToMetadata(LeafColumn leaf, bool isOrdered) => new()
    {
        Path = leaf.DottedPath,
        PhysicalType = physicalType,
        Codec = codec,
        Encodings = encodings,
        ValueCount = valueCount,
        Offset = Offset,
        CompressedSize = compressedSize,
        UncompressedSize = uncompressedSize,
        Statistics = statistics is null ? null : StatisticsFormat.Interpret(statistics, leaf, isOrdered),
    };

    /// <summary>Some writers put 0 where there is no dictionary.</summary>
    private long Offset => dictionaryPageOffset is > 0 and var dictionary && dictionary < dataPageOffset ? dictionary : dataPageOffset;

    private void CheckLeaf(LeafColumn leaf)
    {
        if (filePath is not null)
        {
            throw ParquetException.Unsupported($"The data lies in another file, '{filePath}'.");
        }

        if (!hasMetadata)
        {
            throw ParquetException.Unsupported("The chunk's metadata is missing, as it is where columns are encrypted.");
        }

        if (physicalType != leaf.PhysicalType || !path.SequenceEqual(leaf.Path))
        {
            throw ParquetException.Corrupt($"The chunk in this place is '{string.Join('.', path)}' of {physicalType}; the schema has {leaf.PhysicalType}.");
        }

        path = leaf.Path;
    }

    private void CheckPlace(LeafColumn leaf, long rowCount, long dataEnd)
    {
        if (valueCount < rowCount || (leaf.MaxRepetitionLevel == 0 && valueCount > rowCount))
        {
            throw ParquetException.Corrupt($"The chunk has {valueCount} values in a row group of {rowCount} rows.");
        }

        if (valueCount == 0)
        {
            return;
        }

        if (Offset < FileFraming.MagicBytes || compressedSize < 0 || compressedSize > dataEnd - Offset)
        {
            throw ParquetException.Corrupt($"The chunk is said to take {compressedSize} bytes from offset {Offset} on, but data ends at {dataEnd}.");
        }

        if (valueCount > compressedSize / LeastPageBytes * (Int128)int.MaxValue)
        {
            throw ParquetException.Corrupt($"The chunk is said to have {valueCount} values in {compressedSize} bytes.");
        }
    }

    private void ReadMetadata(ref CompactReader reader)
    {
        hasMetadata = true;
        var previousId = 0;
        while (reader.NextField(ref previousId, out var field))
        {
            switch (field.Id)
            {
                case 1:
                    physicalType = (PhysicalType)reader.ReadInt32(field);
                    break;
                case 2:
                    ReadEncodings(ref reader, field);
                    break;
                case 3:
                    ReadPath(ref reader, field);
                    break;
                case 4:
                    codec = (CompressionCodec)reader.ReadInt32(field);
                    break;
                case 5:
                    valueCount = reader.ReadInt64(field);
                    break;
                case 6:
                    uncompressedSize = reader.ReadInt64(field);
                    break;
                case 7:
                    compressedSize = reader.ReadInt64(field);
                    break;
                case 9:
                    dataPageOffset = reader.ReadInt64(field);
                    break;
                case 11:
                    dictionaryPageOffset = reader.ReadInt64(field);
                    break;
                case 12:
                    CompactReader.ExpectStruct(field);
                    statistics = StatisticsFormat.Read(ref reader);
                    break;
                default:
                    reader.Skip(field);
                    break;
            }
        }
    }

    /// <summary>What is beyond the number of encodings that there are repeats itself, and is passed over.</summary>
    private void ReadEncodings(ref CompactReader reader, CompactField field)
    {
        for (var left = reader.ReadList(field, CompactType.Int32); left > 0; left--)
        {
            var encoding = (PageEncoding)reader.ReadInt32Value();
            if (encodings.Count < MaxEncodings)
            {
                encodings.Add(encoding);
            }
        }
    }

    private void ReadPath(ref CompactReader reader, CompactField field)
    {
        var count = reader.ReadList(field, CompactType.Binary);
        if (count > SchemaWalk.MaxNesting)
        {
            throw ParquetException.Corrupt($"The chunk's path has {count} steps; the limit is {SchemaWalk.MaxNesting}.");
        }

        var steps = new string[count];
        for (var step = 0; step < count; step++)
        {
            steps[step] = System.Text.Encoding.UTF8.GetString(reader.ReadBytesValue());
        }

        path = steps;
    }
}
