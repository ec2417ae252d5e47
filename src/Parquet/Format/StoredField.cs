namespace Latecomer.Parquet.Format;

/// <summary>A field as the schema stores it, with the levels that it and all above it add up to.</summary>
/// <param name="Element">Its entry.</param>
/// <param name="Definition">The definition level from which on it is there.</param>
/// <param name="Repetition">How many fields down to it repeat.</param>
/// <param name="Children">What it consists of, if it is a group.</param>
/// <param name="Leaf">The column, if it is none.</param>
internal sealed record StoredField(SchemaElement Element, int Definition, int Repetition, IReadOnlyList<StoredField> Children, LeafColumn? Leaf)
{
    public bool IsRepeated => Element.Repetition == Format.Repetition.Repeated;

    public bool IsList =>
        (Element.Converted == ConvertedType.List || Element.Logical is LogicalAnnotation.Other { IsList: true })
        && Children is [{ IsRepeated: true }];

    public bool IsMap =>
        (Element.Converted is ConvertedType.Map or ConvertedType.MapKeyValue || Element.Logical is LogicalAnnotation.Other { IsMap: true })
        && Children is [{ IsRepeated: true, Leaf: null }];
}
