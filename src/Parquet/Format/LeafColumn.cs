namespace Latecomer.Parquet.Format;

/// <summary>A column as it is stored: a leaf of the schema tree.</summary>
/// <param name="Path">Names from below the root to the leaf.</param>
/// <param name="Ordinal">Its number among the leaves, which is that of its chunks in row groups.</param>
/// <param name="Element">The leaf's own entry in the schema.</param>
/// <param name="Type">What the values are, by the leaf alone.</param>
/// <param name="MaxDefinitionLevel">How many fields on the path may be absent.</param>
/// <param name="MaxRepetitionLevel">How many fields on the path repeat.</param>
/// <param name="SlotDefinitionLevel">The definition level from which on there is an element of the innermost field on the path that
/// repeats; 0 if none does. Below it an entry stands for an empty list or a null one, and is no value.</param>
internal sealed record LeafColumn(
    IReadOnlyList<string> Path, int Ordinal, SchemaElement Element, ColumnType Type, int MaxDefinitionLevel, int MaxRepetitionLevel, int SlotDefinitionLevel)
{
    private string? dottedPath;

    /// <summary>Joined when asked for: all of them at once may be far longer than the footer.</summary>
    public string DottedPath => dottedPath ??= string.Join('.', Path);

    public PhysicalType PhysicalType { get; } =
        Element.Type ?? throw new ArgumentException("A leaf has a physical type.", nameof(Element));

    public StoredColumn ToStoredColumn() => new()
    {
        Path = Path,
        PhysicalType = PhysicalType,
        FixedLength = PhysicalType == PhysicalType.FixedLengthByteArray ? Element.TypeLength : 0,
        Type = Type,
        MaxDefinitionLevel = MaxDefinitionLevel,
        MaxRepetitionLevel = MaxRepetitionLevel,
    };
}
