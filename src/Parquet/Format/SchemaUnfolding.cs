namespace Latecomer.Parquet.Format;

/// <summary>Unfolds columns to the depth-first list of a footer, with lists and maps of three levels (LogicalTypes.md, "Nested Types"). Guarantees that
/// <see cref="SchemaTree"/> folds the list to the same columns again.</summary>
internal static class SchemaUnfolding
{
    /// <summary>The elements, the root first, and what they fold to. Throws <see cref="ArgumentException"/> for what cannot be stored.</summary>
    public static (IReadOnlyList<SchemaElement> Elements, SchemaTree Tree) Unfold(ParquetSchema schema, string rootName)
    {
        var elements = new List<SchemaElement> { new() { Name = rootName, ChildCount = schema.Columns.Count, IsRoot = true } };
        foreach (var column in schema.Columns)
        {
            Add(elements, column, column.Name);
        }

        var tree = Fold(elements);
        for (var ordinal = 0; ordinal < schema.Columns.Count; ordinal++)
        {
            if (!schema.Columns[ordinal].Equals(tree.Columns[ordinal].Column))
            {
                throw new ArgumentException(
                    $"Column '{schema.Columns[ordinal].Name}' would be read as another one: elements, keys and values are to be named so.", nameof(schema));
            }
        }

        return (elements, tree);
    }

    private static SchemaTree Fold(List<SchemaElement> elements)
    {
        try
        {
            return SchemaTree.Build(elements);
        }
        catch (ParquetException exception)
        {
            throw new ArgumentException($"The schema cannot be stored: {exception.Problem}", nameof(elements), exception);
        }
    }

    private static void Add(List<SchemaElement> elements, ParquetColumn column, string path)
    {
        switch (column.Type)
        {
            case ColumnType.Struct { Fields.Count: 0 }:
                throw new ArgumentException($"Column '{path}' is a struct without fields, which the format cannot store.", nameof(column));
            case ColumnType.Struct group:
                elements.Add(Group(column, group.Fields.Count));
                foreach (var field in group.Fields)
                {
                    Add(elements, field, $"{path}.{field.Name}");
                }

                break;
            case ColumnType.List list:
                elements.Add(Group(column, 1) with { Converted = ConvertedType.List, Logical = LogicalAnnotation.List });
                elements.Add(Repeated("list", 1));
                Add(elements, list.Element, $"{path}.{ColumnPath.Element}");
                break;
            case ColumnType.Map map:
                elements.Add(Group(column, 1) with { Converted = ConvertedType.Map, Logical = LogicalAnnotation.Map });
                elements.Add(Repeated("key_value", map.Value is null ? 1 : 2));
                Add(elements, map.Key, $"{path}.{ColumnPath.Key}");
                if (map.Value is { } value)
                {
                    Add(elements, value, $"{path}.{ColumnPath.Value}");
                }

                break;
            default:
                elements.Add(TypeAnnotation.Of(column.Type) with { Name = column.Name, Repetition = RepetitionOf(column), FieldId = column.FieldId });
                break;
        }
    }

    private static SchemaElement Group(ParquetColumn column, int children) =>
        new() { Name = column.Name, Repetition = RepetitionOf(column), ChildCount = children, FieldId = column.FieldId };

    private static SchemaElement Repeated(string name, int children) => new() { Name = name, Repetition = Repetition.Repeated, ChildCount = children };

    private static Repetition RepetitionOf(ParquetColumn column) => column.Nullable ? Repetition.Optional : Repetition.Required;
}
