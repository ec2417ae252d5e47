using Latecomer.Parquet.Format;

namespace Latecomer.Parquet.Reading;

/// <summary>What of a file's columns is wanted.</summary>
internal static class Projection
{
    /// <summary>The columns with only the parts that paths lead to, in the order in which the paths first name them; parts stay in the
    /// file's order. Throws <see cref="ArgumentException"/> for a path that leads nowhere.</summary>
    public static SchemaNode[] Prune(SchemaTree tree, IReadOnlyList<ColumnPath> paths, string file)
    {
        foreach (var path in paths)
        {
            if (tree.Schema.Find(path) is null)
            {
                throw new ArgumentException($"{file} has no column '{path}'.", nameof(paths));
            }
        }

        return
        [
            .. paths.GroupBy(path => path.Steps[0], StringComparer.Ordinal)
                .Select(group => Prune(tree.Columns[tree.Schema.IndexOf(group.Key)], [.. group], depth: 1)),
        ];
    }

    private static SchemaNode Prune(SchemaNode node, ColumnPath[] paths, int depth)
    {
        if (paths.Any(path => path.Steps.Count == depth))
        {
            return node;
        }

        switch (node)
        {
            case SchemaNode.Struct group:
                SchemaNode[] fields = [.. group.Fields.Select(field => Below(field, field.Column.Name)).OfType<SchemaNode>()];
                return group with { Fields = fields, Column = group.Column with { Type = new ColumnType.Struct([.. fields.Select(field => field.Column)]) } };
            case SchemaNode.List list:
                var element = Below(list.Element, ColumnPath.Element) ?? list.Element;
                return list with { Element = element, Column = list.Column with { Type = new ColumnType.List(element.Column) } };
            case SchemaNode.Map map:
                var (key, value) = (Below(map.Key, ColumnPath.Key), Below(map.Values, ColumnPath.Value));
                var type = new ColumnType.Map((key ?? map.Key ?? map.Pair).Column, value?.Column);
                return map with { Key = key, Values = value, Column = map.Column with { Type = type } };
            default:
                return node;
        }

        SchemaNode? Below(SchemaNode? child, string step) =>
            Array.FindAll(paths, path => string.Equals(path.Steps[depth], step, StringComparison.Ordinal)) is { Length: > 0 } further && child is not null
                ? Prune(child, further, depth + 1)
                : null;
    }
}
