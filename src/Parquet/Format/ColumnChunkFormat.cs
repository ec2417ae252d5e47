using Latecomer.Parquet.Thrift;

namespace Latecomer.Parquet.Format;

/// <summary>A ColumnChunk with its ColumnMetaData as stored.</summary>
internal sealed class ColumnChunkFormat
{
    private readonly List<PageEncoding> encodings = [];
    private readonly List<string> path = [];
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

    /// <summary>Checks the chunk against its leaf and the file, whose data ends at <paramref name="dataEnd"/>.</summary>
    public ColumnChunkMetadata ToMetadata(LeafColumn leaf, long rowCount, long dataEnd, bool isOrdered)
    {
        try
        {
            Check(leaf, rowCount, dataEnd);
        }
        catch (ParquetException exception)
        {
            throw exception.At(file: null, leaf.DottedPath);
        }

        return new ColumnChunkMetadata
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
    }

    /// <summary>Some writers put 0 where there is no dictionary.</summary>
    private long Offset => dictionaryPageOffset is > 0 and var dictionary && dictionary < dataPageOffset ? dictionary : dataPageOffset;

    private void Check(LeafColumn leaf, long rowCount, long dataEnd)
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

        if (valueCount < 0 || (leaf.MaxRepetitionLevel == 0 && valueCount != rowCount))
        {
            throw ParquetException.Corrupt($"The chunk has {valueCount} values in a row group of {rowCount} rows.");
        }

        if (valueCount > 0 && (Offset < FileFraming.MagicBytes || compressedSize < 0 || compressedSize > dataEnd - Offset))
        {
            throw ParquetException.Corrupt($"The chunk is said to take {compressedSize} bytes from offset {Offset} on, but data ends at {dataEnd}.");
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

    private void ReadEncodings(ref CompactReader reader, CompactField field)
    {
        for (var left = reader.ReadList(field, CompactType.Int32); left > 0; left--)
        {
            encodings.Add((PageEncoding)reader.ReadInt32Value());
        }
    }

    private void ReadPath(ref CompactReader reader, CompactField field)
    {
        for (var left = reader.ReadList(field, CompactType.Binary); left > 0; left--)
        {
            path.Add(System.Text.Encoding.UTF8.GetString(reader.ReadBytesValue()));
        }
    }
}
