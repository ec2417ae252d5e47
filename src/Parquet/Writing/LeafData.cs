using Latecomer.Parquet.Format;

namespace Latecomer.Parquet.Writing;

/// <summary>The leaves of a batch as they are stored. Guarantees that the batch fits the schema at every level, but for nulls where none may be.</summary>
internal sealed class LeafData(IReadOnlyList<SchemaNode> columns, int leafCount)
{
    private readonly ColumnData[] leaves = new ColumnData[leafCount];

    /// <summary>The values of a leaf.</summary>
    public ColumnData this[LeafColumn leaf] => leaves[leaf.Ordinal];

    /// <summary>Takes the leaves of a batch; throws <see cref="ArgumentException"/> if it does not fit.</summary>
    public void Take(ColumnBatch batch)
    {
        for (var ordinal = 0; ordinal < columns.Count; ordinal++)
        {
            Take(columns[ordinal], batch.Columns[ordinal]);
        }
    }

    private void Take(SchemaNode node, ColumnData? data)
    {
        if (data is null || !ColumnFit.Fits(node.Column.Type, data))
        {
            throw Unfit(node, $"{node.Column.Type} cannot be a {data?.GetType().Name ?? "column that is not there"}");
        }

        switch (node)
        {
            case SchemaNode.Value value:
                leaves[value.Leaf.Ordinal] = Stored(value, data);
                break;
            case SchemaNode.Struct group:
                TakeStruct(group, (StructColumn)data);
                break;
            case SchemaNode.List list:
                Take(list.Element, ((ListColumn)data).Elements);
                break;
            case SchemaNode.Map map:
                Take(map.Pair, ((MapColumn)data).Keys);
                if (map.Values is { } values)
                {
                    Take(values, ((MapColumn)data).Values);
                }

                break;
            default:
                throw new InvalidOperationException($"{node} is no column.");
        }
    }

    private void TakeStruct(SchemaNode.Struct node, StructColumn data)
    {
        if (!data.Type.Fields.Select(field => field.Name).SequenceEqual(node.Fields.Select(field => field.Column.Name), StringComparer.Ordinal))
        {
            throw Unfit(node, $"the struct has the fields {string.Join(", ", data.Type.Fields.Select(field => field.Name))}");
        }

        for (var ordinal = 0; ordinal < node.Fields.Count; ordinal++)
        {
            Take(node.Fields[ordinal], data.Fields[ordinal]);
        }
    }

    private static ColumnData Stored(SchemaNode.Value node, ColumnData data)
    {
        if (node.Column.Type is ColumnType.Decimal)
        {
            return DecimalStorage.Convert(node.Leaf, data);
        }

        if (node.Leaf.PhysicalType == PhysicalType.FixedLengthByteArray && data is BinaryColumn binary)
        {
            var wrong = binary.FindLengthOtherThan(node.Leaf.Element.TypeLength);
            return wrong < 0 ? data : throw Unfit(node, $"row {wrong} has {binary.GetBytes(wrong).Length} bytes instead of {node.Leaf.Element.TypeLength}");
        }

        return data;
    }

    private static ArgumentException Unfit(SchemaNode node, string problem) =>
        new($"The batch does not fit '{node.Column.Name}' (at '{node.FirstLeaf.DottedPath}'): {problem}.", nameof(node));
}
