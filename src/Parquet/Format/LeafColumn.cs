namespace Latecomer.Parquet.Format;

/// <summary>A column as it is stored: a leaf of the schema tree.</summary>
/// <param name="Path">Names from below the root to the leaf.</param>
/// <param name="Element">The leaf's own entry in the schema.</param>
/// <param name="Type">What the values are, by the leaf alone.</param>
/// <param name="MaxDefinitionLevel">How many fields on the path may be absent.</param>
/// <param name="MaxRepetitionLevel">How many fields on the path repeat.</param>
internal sealed record LeafColumn(
    IReadOnlyList<string> Path, SchemaElement Element, ColumnType Type, int MaxDefinitionLevel, int MaxRepetitionLevel)
{
    public string DottedPath { get; } = string.Join('.', Path);

    public PhysicalType PhysicalType { get; } =
        Element.Type ?? throw new ArgumentException("A leaf has a physical type.", nameof(Element));
}
