namespace Latecomer.Parquet.Format;

/// <summary>The schema of a file, folded from the footer's list.</summary>
/// <param name="Schema">The top-level columns as they are offered.</param>
/// <param name="Leaves">The stored columns in storage order.</param>
/// <param name="LeafOfColumn">For each top-level column the number of its leaf, or -1 if it is a group.</param>
internal sealed record SchemaTree(ParquetSchema Schema, IReadOnlyList<LeafColumn> Leaves, IReadOnlyList<int> LeafOfColumn)
{
    /// <summary>Folds the depth-first list of the footer; throws <see cref="ParquetException"/> if it is no tree.</summary>
    public static SchemaTree Build(IReadOnlyList<SchemaElement> elements)
    {
        if (elements.Count == 0)
        {
            throw ParquetException.Corrupt("The schema has no root.");
        }

        var walk = new SchemaWalk(elements);
        var columns = new List<ParquetColumn>();
        var leafOfColumn = new List<int>();
        for (var child = 0; child < elements[0].ChildCount; child++)
        {
            var first = walk.Leaves.Count;
            var element = walk.Next();
            columns.Add(ToColumn(element));
            leafOfColumn.Add(element.Type is null ? -1 : first);
        }

        if (walk.Remaining != 0)
        {
            throw ParquetException.Corrupt($"The schema has {walk.Remaining} elements that belong to no group.");
        }

        return new SchemaTree(ToSchema(columns), walk.Leaves, leafOfColumn);
    }

    private static ParquetColumn ToColumn(SchemaElement element)
    {
        ColumnType type = element switch
        {
            { Type: null, Logical: LogicalAnnotation.Other other } => new ColumnType.Unsupported($"a {other.Name}"),
            { Type: null } => new ColumnType.Unsupported("a group of fields"),
            { Repetition: Repetition.Repeated } => new ColumnType.Unsupported("a repeated field"),
            _ => TypeMapping.ToColumnType(element),
        };
        return new ParquetColumn(element.Name, type, element.Repetition != Repetition.Required) { FieldId = element.FieldId };
    }

    private static ParquetSchema ToSchema(List<ParquetColumn> columns)
    {
        try
        {
            return new ParquetSchema(columns);
        }
        catch (ArgumentException exception)
        {
            throw new ParquetException(ParquetErrorKind.Unsupported, $"The schema is ambiguous: {exception.Message}", innerException: exception);
        }
    }
}
