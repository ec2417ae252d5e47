namespace Latecomer.Parquet.Format;

/// <summary>Walks the footer's depth-first list of schema elements and collects the leaves.</summary>
internal sealed class SchemaWalk(IReadOnlyList<SchemaElement> elements)
{
    private const int MaxNesting = 64;

    private readonly List<LeafColumn> leaves = [];
    private readonly List<string> path = [];
    private int next = 1;

    public IReadOnlyList<LeafColumn> Leaves => leaves;

    /// <summary>Elements not walked yet.</summary>
    public int Remaining => elements.Count - next;

    /// <summary>Walks one child of the root with all below it, and gives the child.</summary>
    public SchemaElement Next() => Walk(definition: 0, repetition: 0, depth: 1);

    private SchemaElement Walk(int definition, int repetition, int depth)
    {
        if (Remaining == 0)
        {
            throw ParquetException.Corrupt("The schema ends before its last group is complete.");
        }

        if (depth > MaxNesting)
        {
            throw ParquetException.Corrupt($"The schema is nested deeper than {MaxNesting} levels.");
        }

        var element = elements[next++];
        if (!Enum.IsDefined(element.Repetition) || (element.Type is { } type && !Enum.IsDefined(type)))
        {
            throw ParquetException.Corrupt($"The schema's element '{element.Name}' has repetition {(int)element.Repetition} and physical type {(int?)element.Type}.");
        }

        if (element is { Type: PhysicalType.FixedLengthByteArray, TypeLength: < 1 })
        {
            throw ParquetException.Corrupt($"The schema's element '{element.Name}' has a fixed length of {element.TypeLength}.");
        }

        definition += element.Repetition == Repetition.Required ? 0 : 1;
        repetition += element.Repetition == Repetition.Repeated ? 1 : 0;
        path.Add(element.Name);
        if (element.Type is not null)
        {
            leaves.Add(new LeafColumn([.. path], element, TypeMapping.ToColumnType(element), definition, repetition));
        }
        else
        {
            for (var child = 0; child < element.ChildCount; child++)
            {
                Walk(definition, repetition, depth + 1);
            }
        }

        path.RemoveAt(path.Count - 1);
        return element;
    }
}
