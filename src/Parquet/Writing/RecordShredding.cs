using Latecomer.Parquet.Format;

namespace Latecomer.Parquet.Writing;

/// <summary>Takes columns apart into the levels and values of their leaves (Dremel's record shredding, a place in the schema at a time):
/// what leaves have in common is worked out once for all of them.</summary>
internal sealed class RecordShredding(IReadOnlyList<SchemaNode> columns, IReadOnlyList<ColumnWriter> leaves) : IDisposable
{
    /// <summary>By depth: what is below a place is done before the place beside it begins.</summary>
    private readonly List<Entries> entriesByDepth = [];

    /// <summary>Whether any column is more than a value.</summary>
    public bool IsNested { get; } = columns.Any(node => node is not SchemaNode.Value);

    /// <summary>Appends the rows [<paramref name="first"/>, <paramref name="end"/>) of a batch, whose leaves are <paramref name="data"/>.</summary>
    public void Append(ColumnBatch batch, LeafData data, int first, int end)
    {
        for (var ordinal = 0; ordinal < columns.Count; ordinal++)
        {
            if (columns[ordinal] is SchemaNode.Value value)
            {
                leaves[value.Leaf.Ordinal].Append(data[value.Leaf], first, end);
                continue;
            }

            var rows = EntriesAt(0);
            rows.Begin(first, end);
            Shred(columns[ordinal], batch.Columns[ordinal], rows, data, depth: 1);
        }
    }

    public void Dispose() => entriesByDepth.ForEach(entries => entries.Dispose());

    private Entries EntriesAt(int depth)
    {
        while (entriesByDepth.Count <= depth)
        {
            entriesByDepth.Add(new Entries());
        }

        return entriesByDepth[depth];
    }

    private void Shred(SchemaNode node, ColumnData column, Entries parents, LeafData data, int depth)
    {
        switch (node)
        {
            case SchemaNode.Value value:
                leaves[value.Leaf.Ordinal].Append(data[value.Leaf], parents);
                break;
            case SchemaNode.Struct group:
                var structs = MarkStructs(group, column, parents, depth);
                for (var ordinal = 0; ordinal < group.Fields.Count; ordinal++)
                {
                    Shred(group.Fields[ordinal], ((StructColumn)column).Fields[ordinal], structs, data, depth + 1);
                }

                break;
            case SchemaNode.List list:
                var lists = (ListColumn)column;
                Shred(list.Element, lists.Elements, Expand(list, list.Element, lists, parents, depth), data, depth + 1);
                break;
            case SchemaNode.Map map:
                var maps = (MapColumn)column;
                var pairs = Expand(map, map.Pair, maps, parents, depth);
                Shred(map.Pair, maps.Keys!, pairs, data, depth + 1);
                if (map.Values is { } values)
                {
                    Shred(values, maps.Values!, pairs, data, depth + 1);
                }

                break;
            default:
                throw new InvalidOperationException($"{node} is no column.");
        }
    }

    private Entries MarkStructs(SchemaNode.Struct node, ColumnData column, Entries parents, int depth)
    {
        if (!node.Column.Nullable && column.NullCount == 0)
        {
            return parents;
        }

        var entries = EntriesAt(depth);
        entries.Copy(parents);
        var definition = entries.Definition;
        var rows = entries.Rows;
        for (var entry = 0; entry < rows.Length; entry++)
        {
            if (rows[entry] == Entries.Ended)
            {
                continue;
            }

            if (column.IsNull(rows[entry]))
            {
                RequireNullable(node);
                rows[entry] = Entries.Ended;
            }
            else
            {
                definition[entry] = (byte)node.Definition;
            }
        }

        return entries;
    }

    /// <summary>An entry for each element or pair of the lists or maps, and one for each that has none or is null.</summary>
    private Entries Expand(SchemaNode node, SchemaNode element, RepeatedColumn lists, Entries parents, int depth)
    {
        var entries = EntriesAt(depth);
        entries.Clear();
        var offsets = lists.Offsets;
        var repetition = parents.Repetition;
        var definition = parents.Definition;
        var rows = parents.Rows;
        var (listDefinition, elementDefinition, nextRepetition) = ((byte)node.Definition, (byte)element.SlotDefinition, (byte)element.SlotRepetition);
        for (var entry = 0; entry < rows.Length; entry++)
        {
            var row = rows[entry];
            if (row == Entries.Ended)
            {
                entries.Add(repetition[entry], definition[entry], Entries.Ended);
            }
            else if (lists.IsNull(row))
            {
                RequireNullable(node);
                entries.Add(repetition[entry], definition[entry], Entries.Ended);
            }
            else if (offsets[row] == offsets[row + 1])
            {
                entries.Add(repetition[entry], listDefinition, Entries.Ended);
            }
            else
            {
                entries.AddElements(repetition[entry], nextRepetition, elementDefinition, offsets[row], offsets[row + 1] - offsets[row]);
            }
        }

        return entries;
    }

    private static void RequireNullable(SchemaNode node)
    {
        if (!node.Column.Nullable)
        {
            throw new ArgumentException($"'{node.Column.Name}' (above '{node.FirstLeaf.DottedPath}') is required, and a row has none.", nameof(node));
        }
    }
}
