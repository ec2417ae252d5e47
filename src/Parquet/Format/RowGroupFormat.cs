using Latecomer.Parquet.Thrift;

namespace Latecomer.Parquet.Format;

/// <summary>A RowGroup as stored.</summary>
internal sealed class RowGroupFormat
{
    private readonly List<ColumnChunkFormat> chunks = [];
    private long rowCount;

    public static RowGroupFormat Read(ref CompactReader reader)
    {
        var group = new RowGroupFormat();
        var previousId = 0;
        while (reader.NextField(ref previousId, out var field))
        {
            switch (field.Id)
            {
                case 1:
                    for (var left = reader.ReadList(field, CompactType.Struct); left > 0; left--)
                    {
                        group.chunks.Add(ColumnChunkFormat.Read(ref reader));
                    }

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
    public RowGroupMetadata ToMetadata(IReadOnlyList<LeafColumn> leaves, IReadOnlyList<bool> isOrdered, long dataEnd)
    {
        if (rowCount < 0)
        {
            throw ParquetException.Corrupt($"A row group has {rowCount} rows.");
        }

        if (chunks.Count != leaves.Count)
        {
            throw ParquetException.Corrupt($"A row group has {chunks.Count} column chunks where the schema has {leaves.Count} columns.");
        }

        return new RowGroupMetadata
        {
            RowCount = rowCount,
            Columns = [.. chunks.Select((chunk, leaf) =>
                chunk.ToMetadata(leaves[leaf], rowCount, dataEnd, leaf < isOrdered.Count && isOrdered[leaf]))],
        };
    }
}
