using Latecomer.Parquet.Thrift;

namespace Latecomer.Parquet.Format;

/// <summary>Reads a footer (FileMetaData) and checks it against itself and the file's length.</summary>
internal sealed class FooterReader(long dataEnd, int maxColumns)
{
    private readonly List<SchemaElement> elements = [];
    private readonly List<RowGroupFormat> groups = [];
    private readonly List<KeyValuePair<string, string?>> keyValues = [];
    private readonly List<bool> isOrdered = [];
    private int version;
    private string? createdBy;
    private SchemaTree? tree;

    /// <summary>The schema, which stands before the row groups, so that each of them is checked before the next one is read.</summary>
    private SchemaTree Tree => tree ??= SchemaTree.Build(elements);

    /// <summary>Reads the footer of a file whose data ends at <paramref name="dataEnd"/>.</summary>
    public static (ParquetFileMetadata Metadata, SchemaTree Tree) Read(ReadOnlySpan<byte> footer, long dataEnd, int maxColumns)
    {
        var stored = new FooterReader(dataEnd, maxColumns);
        var reader = new CompactReader(footer);
        var previousId = 0;
        while (reader.NextField(ref previousId, out var field))
        {
            stored.ReadField(ref reader, field);
        }

        return (stored.ToMetadata(), stored.Tree);
    }

    /// <summary>Counts rows by the row groups: there are files whose total in the footer is wrong, and nobody reads by it.</summary>
    private ParquetFileMetadata ToMetadata()
    {
        RowGroupMetadata[] rowGroups = [.. groups.Select(group => group.ToMetadata(Tree.Leaves, isOrdered))];
        var rows = rowGroups.Aggregate((UInt128)0, (sum, group) => sum + (UInt128)group.RowCount);
        return new ParquetFileMetadata
        {
            Version = version,
            CreatedBy = createdBy,
            RowCount = rows <= long.MaxValue ? (long)rows : throw ParquetException.Corrupt("The row groups have more rows than can be counted."),
            Schema = Tree.Schema,
            StoredColumns = [.. Tree.Leaves.Select(leaf => leaf.ToStoredColumn())],
            KeyValueMetadata = keyValues,
            RowGroups = rowGroups,
        };
    }

    private void ReadField(ref CompactReader reader, CompactField field)
    {
        switch (field.Id)
        {
            case 1:
                version = reader.ReadInt32(field);
                break;
            case 2:
                ReadSchema(ref reader, field);
                break;
            case 4:
                for (var left = reader.ReadList(field, CompactType.Struct); left > 0; left--)
                {
                    var group = RowGroupFormat.Read(ref reader, Tree.Leaves.Count);
                    group.Check(Tree.Leaves, dataEnd);
                    groups.Add(group);
                }

                break;
            case 5:
                for (var left = reader.ReadList(field, CompactType.Struct); left > 0; left--)
                {
                    keyValues.Add(ReadKeyValue(ref reader));
                }

                break;
            case 6:
                createdBy = reader.ReadString(field);
                break;
            case 7:
                for (var left = reader.ReadList(field, CompactType.Struct); left > 0; left--)
                {
                    isOrdered.Add(ReadColumnOrder(ref reader));
                }

                break;
            case 8:
                throw ParquetException.Unsupported("The file is encrypted.");
            default:
                reader.Skip(field);
                break;
        }
    }

    private void ReadSchema(ref CompactReader reader, CompactField field)
    {
        var count = reader.ReadList(field, CompactType.Struct);
        if (count > maxColumns)
        {
            throw ParquetException.Unsupported($"The schema has {count} elements; the limit is {maxColumns}.");
        }

        for (var left = count; left > 0; left--)
        {
            elements.Add(SchemaElement.Read(ref reader));
        }
    }

    private static KeyValuePair<string, string?> ReadKeyValue(ref CompactReader reader)
    {
        var (key, value) = ((string?)null, (string?)null);
        var previousId = 0;
        while (reader.NextField(ref previousId, out var field))
        {
            switch (field.Id)
            {
                case 1:
                    key = reader.ReadString(field);
                    break;
                case 2:
                    value = reader.ReadString(field);
                    break;
                default:
                    reader.Skip(field);
                    break;
            }
        }

        return new(key ?? throw ParquetException.Corrupt("The footer has a note without a key."), value);
    }

    /// <summary>Whether the order is the one that its type defines, the only one there is so far.</summary>
    private static bool ReadColumnOrder(ref CompactReader reader)
    {
        var isTypeDefined = false;
        var previousId = 0;
        while (reader.NextField(ref previousId, out var field))
        {
            isTypeDefined |= field.Id == 1;
            reader.Skip(field);
        }

        return isTypeDefined;
    }
}
