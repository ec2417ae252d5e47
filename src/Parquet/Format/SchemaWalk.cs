namespace Latecomer.Parquet.Format;

/// <summary>Walks the footer's depth-first list of schema elements, and finds the tree and its leaves.</summary>
internal sealed class SchemaWalk(IReadOnlyList<SchemaElement> elements)
{
    /// <summary>Groups within groups at most, the column among them.</summary>
    public const int MaxNesting = 64;

    private readonly List<LeafColumn> leaves = [];
    private readonly List<string> path = [];
    private int next = 1;

    public IReadOnlyList<LeafColumn> Leaves => leaves;

    /// <summary>Elements not walked yet.</summary>
    public int Remaining => elements.Count - next;

    /// <summary>Walks one child of the root with all below it.</summary>
    public StoredField Next() => Walk(definition: 0, repetition: 0, slotDefinition: 0, depth: 1);

    private StoredField Walk(int definition, int repetition, int slotDefinition, int depth)
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
        Check(element);
        definition += element.Repetition == Repetition.Required ? 0 : 1;
        if (element.Repetition == Repetition.Repeated)
        {
            repetition++;
            slotDefinition = definition;
        }

        path.Add(element.Name);
        var field = element.Type is null
            ? new StoredField(element, definition, repetition, Children(element, definition, repetition, slotDefinition, depth), Leaf: null)
            : new StoredField(element, definition, repetition, [], Leaf(element, definition, repetition, slotDefinition));
        path.RemoveAt(path.Count - 1);
        return field;
    }

    private static void Check(SchemaElement element)
    {
        if (!Enum.IsDefined(element.Repetition) || (element.Type is { } type && !Enum.IsDefined(type)))
        {
            throw ParquetException.Corrupt($"The schema's element '{element.Name}' has repetition {(int)element.Repetition} and physical type {(int?)element.Type}.");
        }

        if (element is { Type: PhysicalType.FixedLengthByteArray, TypeLength: < 1 })
        {
            throw ParquetException.Corrupt($"The schema's element '{element.Name}' has a fixed length of {element.TypeLength}.");
        }

        if (element is { Type: null, ChildCount: < 1 })
        {
            throw ParquetException.Corrupt($"The schema's element '{element.Name}' is neither a column nor a group with fields.");
        }
    }

    private List<StoredField> Children(SchemaElement element, int definition, int repetition, int slotDefinition, int depth)
    {
        var children = new List<StoredField>();
        for (var child = 0; child < element.ChildCount; child++)
        {
            children.Add(Walk(definition, repetition, slotDefinition, depth + 1));
        }

        return children;
    }

    private LeafColumn Leaf(SchemaElement element, int definition, int repetition, int slotDefinition)
    {
        var leaf = new LeafColumn([.. path], leaves.Count, element, TypeMapping.ToColumnType(element), definition, repetition, slotDefinition);
        leaves.Add(leaf);
        return leaf;
    }
}
