namespace Latecomer.Parquet.Format;

/// <summary>Folds stored fields to columns: lists, maps and structs, by the rules of LogicalTypes.md for what writers of all ages made
/// of them.</summary>
internal static class SchemaFolding
{
    /// <summary>Folds a top-level field.</summary>
    public static SchemaNode Fold(StoredField field) => Fold(field, field.Element.Name, slotDefinition: 0, slotRepetition: 0);

    private static SchemaNode Fold(StoredField field, string name, int slotDefinition, int slotRepetition)
    {
        if (!field.IsRepeated)
        {
            return FoldOne(field, name, slotDefinition, slotRepetition);
        }

        // A field that repeats outside a list or map is a list without an annotation, which cannot be null.
        var element = FoldOne(field, ColumnPath.Element, field.Definition, field.Repetition);
        return List(field, name, isNullable: false, field.Definition - 1, slotDefinition, slotRepetition, element);
    }

    /// <summary>Folds a field as one value in its slot: whether it repeats is its parent's matter.</summary>
    private static SchemaNode FoldOne(StoredField field, string name, int slotDefinition, int slotRepetition)
    {
        var isNullable = field.Element.Repetition == Repetition.Optional;
        if (field.Leaf is { } leaf)
        {
            return new SchemaNode.Value(Column(field, name, leaf.Type, isNullable), field.Definition, slotDefinition, slotRepetition, leaf);
        }

        if (field.IsList)
        {
            return List(field, name, isNullable, field.Definition, slotDefinition, slotRepetition, Element(field));
        }

        if (field.IsMap)
        {
            return Map(field, name, isNullable, slotDefinition, slotRepetition);
        }

        SchemaNode[] fields = [.. field.Children.Select(child => Fold(child, child.Element.Name, slotDefinition, slotRepetition))];
        var type = new ColumnType.Struct([.. fields.Select(child => child.Column)]);
        return new SchemaNode.Struct(Column(field, name, type, isNullable), field.Definition, slotDefinition, slotRepetition, fields);
    }

    private static SchemaNode.List List(
        StoredField field, string name, bool isNullable, int definition, int slotDefinition, int slotRepetition, SchemaNode element) =>
        new(Column(field, name, new ColumnType.List(element.Column), isNullable), definition, slotDefinition, slotRepetition, element);

    private static SchemaNode.Map Map(StoredField field, string name, bool isNullable, int slotDefinition, int slotRepetition)
    {
        var pair = field.Children[0];
        var key = Fold(pair.Children[0], ColumnPath.Key, pair.Definition, pair.Repetition);
        var value = pair.Children.Count > 1 ? Fold(pair.Children[1], ColumnPath.Value, pair.Definition, pair.Repetition) : null;
        var type = new ColumnType.Map(key.Column, value?.Column);
        return new SchemaNode.Map(Column(field, name, type, isNullable), field.Definition, slotDefinition, slotRepetition, key, value);
    }

    /// <summary>The element of a list: below the field that repeats in lists of three levels, that field itself in those of two.</summary>
    private static SchemaNode Element(StoredField list)
    {
        var repeated = list.Children[0];
        var isElement = repeated.Leaf is not null
            || repeated.Children.Count != 1
            || repeated.Children[0].IsRepeated
            || repeated.Element.Name == "array"
            || repeated.Element.Name == $"{list.Element.Name}_tuple";
        return FoldOne(isElement ? repeated : repeated.Children[0], ColumnPath.Element, repeated.Definition, repeated.Repetition);
    }

    private static ParquetColumn Column(StoredField field, string name, ColumnType type, bool isNullable) =>
        new(name, type, isNullable) { FieldId = field.Element.FieldId };
}
