namespace Latecomer.Parquet.Format;

/// <summary>A column or a part of one as it is offered, and how the levels of the leaves below say where it is. A slot is a place for a
/// value: a row at the top, an element below a list. Closed.</summary>
/// <param name="Column">What it is to those who read.</param>
/// <param name="Definition">The definition level from which on it is not null.</param>
/// <param name="SlotDefinition">The definition level from which on there is a slot for it.</param>
/// <param name="SlotRepetition">The repetition level up to which an entry begins a new slot.</param>
internal abstract record SchemaNode(ParquetColumn Column, int Definition, int SlotDefinition, int SlotRepetition)
{
    /// <summary>The leaf that says where it is null; all below it agree.</summary>
    public abstract LeafColumn FirstLeaf { get; }

    /// <summary>The leaves below, in the order of the file unless a projection asked for another.</summary>
    public abstract IEnumerable<LeafColumn> Leaves { get; }

    public sealed record Value(ParquetColumn Column, int Definition, int SlotDefinition, int SlotRepetition, LeafColumn Leaf)
        : SchemaNode(Column, Definition, SlotDefinition, SlotRepetition)
    {
        public override LeafColumn FirstLeaf => Leaf;

        public override IEnumerable<LeafColumn> Leaves => [Leaf];
    }

    public sealed record Struct(ParquetColumn Column, int Definition, int SlotDefinition, int SlotRepetition, IReadOnlyList<SchemaNode> Fields)
        : SchemaNode(Column, Definition, SlotDefinition, SlotRepetition)
    {
        public override LeafColumn FirstLeaf => Fields[0].FirstLeaf;

        public override IEnumerable<LeafColumn> Leaves => Fields.SelectMany(child => child.Leaves);
    }

    public sealed record List(ParquetColumn Column, int Definition, int SlotDefinition, int SlotRepetition, SchemaNode Element)
        : SchemaNode(Column, Definition, SlotDefinition, SlotRepetition)
    {
        public override LeafColumn FirstLeaf => Element.FirstLeaf;

        public override IEnumerable<LeafColumn> Leaves => Element.Leaves;
    }

    /// <summary>At least one of key and value is there.</summary>
    public sealed record Map(ParquetColumn Column, int Definition, int SlotDefinition, int SlotRepetition, SchemaNode? Key, SchemaNode? Values)
        : SchemaNode(Column, Definition, SlotDefinition, SlotRepetition)
    {
        public SchemaNode Pair => Key ?? Values ?? throw new InvalidOperationException("A map has keys or values.");

        public override LeafColumn FirstLeaf => Pair.FirstLeaf;

        public override IEnumerable<LeafColumn> Leaves => [.. Key?.Leaves ?? [], .. Values?.Leaves ?? []];
    }
}
