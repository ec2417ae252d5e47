using Latecomer.Parquet.Format;

namespace Latecomer.Parquet.Reading;

/// <summary>Builds nested columns over leaves: where lists begin and what is null follows from levels alone (Dremel's record
/// assembly, a column at a time).</summary>
internal sealed class RecordAssembly(IReadOnlyDictionary<int, LeafBatch> leaves, ReadBudget budget)
{
    /// <summary>Builds a column, which must have <paramref name="slots"/> rows. It takes over the values of its leaves.</summary>
    public ColumnData Build(SchemaNode node, int slots)
    {
        var built = Build(node);
        return built.Length == slots ? built : throw Disagreement(node);
    }

    private ColumnData Build(SchemaNode node) => node switch
    {
        SchemaNode.Value value => leaves[value.Leaf.Ordinal].Values,
        SchemaNode.Struct group => BuildStruct(group),
        SchemaNode.List list => BuildList(list),
        SchemaNode.Map map => BuildMap(map),
        _ => throw new InvalidOperationException($"{node} is no column."),
    };

    private static ParquetException Disagreement(SchemaNode node) =>
        ParquetException.Corrupt($"The columns below '{node.Column.Name}' disagree on how many values there are.").At(file: null, node.FirstLeaf.DottedPath);

    private StructColumn BuildStruct(SchemaNode.Struct node)
    {
        var fields = new ColumnData[node.Fields.Count];
        for (var ordinal = 0; ordinal < fields.Length; ordinal++)
        {
            fields[ordinal] = Build(node.Fields[ordinal]);
            if (fields[ordinal].Length != fields[0].Length)
            {
                throw Disagreement(node);
            }
        }

        var type = (ColumnType.Struct)node.Column.Type;
        var leaf = leaves[node.FirstLeaf.Ordinal];
        if (node.Definition == 0)
        {
            return new StructColumn(type, fields, validity: null, fields[0].Length, nullCount: 0, pooled: true);
        }

        var validity = Rent<bool>(Math.Max(leaf.Entries, 1));
        var (slots, nulls) = NestedLevels.Validity(node, leaf, validity);
        return slots == fields[0].Length
            ? new StructColumn(type, fields, validity, slots, nulls, pooled: true)
            : throw Disagreement(node);
    }

    private ListColumn BuildList(SchemaNode.List node)
    {
        var elements = Build(node.Element);
        var (offsets, validity, slots, nulls) = BuildOffsets(node, node.Element, elements.Length);
        return new ListColumn(offsets, validity, slots, nulls, elements, pooled: true);
    }

    private MapColumn BuildMap(SchemaNode.Map node)
    {
        var keys = node.Key is null ? null : Build(node.Key);
        var values = node.Values is null ? null : Build(node.Values);
        var pairs = (keys ?? values)?.Length ?? 0;
        if (values is not null && values.Length != pairs)
        {
            throw Disagreement(node);
        }

        var (offsets, validity, slots, nulls) = BuildOffsets(node, node.Pair, pairs);
        return new MapColumn(offsets, validity, slots, nulls, keys, values, pooled: true);
    }

    private (int[] Offsets, bool[]? Validity, int Slots, int Nulls) BuildOffsets(SchemaNode node, SchemaNode element, int elements)
    {
        var leaf = leaves[node.FirstLeaf.Ordinal];
        var offsets = Rent<int>(leaf.Entries + 1);
        var validity = Rent<bool>(Math.Max(leaf.Entries, 1));
        var (slots, nulls) = NestedLevels.Offsets(node, element.SlotDefinition, leaf, offsets, validity);
        return offsets[slots] == elements ? (offsets, validity, slots, nulls) : throw Disagreement(node);
    }

    private T[] Rent<T>(int count)
        where T : unmanaged
    {
        var array = budget.Rent<T>(count);
        budget.HandOver(array);
        return array;
    }
}
