namespace Latecomer.Parquet.Format;

/// <summary>The schema of a file, folded from the footer's list.</summary>
/// <param name="Schema">The top-level columns as they are offered.</param>
/// <param name="Columns">The same, and where they are.</param>
/// <param name="Leaves">The stored columns in storage order.</param>
internal sealed record SchemaTree(ParquetSchema Schema, IReadOnlyList<SchemaNode> Columns, IReadOnlyList<LeafColumn> Leaves)
{
    /// <summary>Folds the depth-first list of the footer; throws <see cref="ParquetException"/> if it is no tree.</summary>
    public static SchemaTree Build(IReadOnlyList<SchemaElement> elements)
    {
        if (elements.Count == 0)
        {
            throw ParquetException.Corrupt("The schema has no root.");
        }

        var walk = new SchemaWalk(elements);
        var columns = new List<SchemaNode>();
        for (var child = 0; child < elements[0].ChildCount; child++)
        {
            columns.Add(SchemaFolding.Fold(walk.Next()));
        }

        if (walk.Remaining != 0)
        {
            throw ParquetException.Corrupt($"The schema has {walk.Remaining} elements that belong to no group.");
        }

        return new SchemaTree(ToSchema(columns), columns, walk.Leaves);
    }

    private static ParquetSchema ToSchema(List<SchemaNode> columns)
    {
        try
        {
            return new ParquetSchema([.. columns.Select(node => node.Column)]);
        }
        catch (ArgumentException exception)
        {
            throw new ParquetException(ParquetErrorKind.Unsupported, $"The schema is ambiguous: {exception.Message}", innerException: exception);
        }
    }
}
