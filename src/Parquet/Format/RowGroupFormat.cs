using Latecomer.Parquet.Thrift;

namespace Latecomer.Parquet.Format;

/// <summary>A RowGroup as stored.</summary>
internal sealed class RowGroupFormat
{
    private readonly List<ColumnChunkFormat> chunks = [];
    private long rowCount;

    /// <summary>Reads a row group of so many chunks at most.</summary>
    public static RowGroupFormat Read(ref CompactReader reader, int maxChunks)
    {
        var group = new RowGroupFormat();
        var previousId = 0;
        while (reader.NextField(ref previousId, out var field))
        {
            switch (field.Id)
            {
                case 1:
                    group.ReadChunks(ref reader, field, maxChunks);
                    break;
                case 3:
                    group.rowCount = reader.ReadInt64(field);
                    break;
                default:
                    reader.Skip(field);
                    break;
            }
        }

        return group;
    }

    /// <summary>Checks the row group against the schema and the file, whose data ends at <paramref name="dataEnd"/>.</summary>
    public void Check(IReadOnlyList<LeafColumn> leaves, long dataEnd)
    {
        if (rowCount < 0)
        {
            throw ParquetException.Corrupt($"A row group has {rowCount} rows.");
        }

        if (chunks.Count != leaves.Count)
        {
            throw WrongCount(chunks.Count, leaves.Count);
        }

        if (leaves.Count == 0 && rowCount > 0)
        {
            throw ParquetException.Unsupported($"A row group has {rowCount} rows and no columns.");
        }

        // Chunks that lie over each other would have the same bytes read, and held, once for each.
        var stored = (Int128)0;
        for (var ordinal = 0; ordinal < leaves.Count; ordinal++)
        {
            stored += chunks[ordinal].Check(leaves[ordinal], rowCount, dataEnd);
        }

        if (stored > dataEnd)
        {
            throw ParquetException.Corrupt($"The column chunks of a row group are said to take {stored} bytes together, but data ends at {dataEnd}.");
        }
    }

    /// <summary>What is said of the row group, which was checked.</summary>
    public RowGroupMetadata ToMetadata(IReadOnlyList<LeafColumn> leaves, IReadOnlyList<bool> isOrdered) => new()
    {
        RowCount = rowCount,
        Columns = [.. chunks.Select((chunk, leaf) => chunk.ToMetadata(leaves[leaf], leaf < isOrdered.Count && isOrdered[leaf]))],
    };

    private static ParquetException WrongCount(int count, int leaves) =>
        ParquetException.Corrupt($"A row group has {count} column chunks where the schema has {leaves} columns.");

    private void ReadChunks(ref CompactReader reader, CompactField field, int maxChunks)
    {
        var count = reader.ReadList(field, CompactType.Struct);
        if (count > maxChunks)
        {
            throw WrongCount(count, maxChunks);
        }

        for (var left = count; left > 0; left--)
        {
            chunks.Add(ColumnChunkFormat.Read(ref reader));
        }
    }
}
