using Latecomer.Parquet;

namespace Latecomer.DeltaLog;

/// <summary>The columns of new data files: types of the log's schema as types of Parquet (PROTOCOL.md, "Primitive Types"), with null where the schema lets it.</summary>
internal static class DataFileSchema
{
    /// <summary>The schema of a table's new data files.</summary>
    /// <exception cref="DeltaException">A column, or a part of one, has a type that is not written (<see cref="DeltaErrorClass.SchemaMismatch"/>).</exception>
    internal static ParquetSchema Of(TableDefinition definition) =>
        new([.. definition.DataFields.Select(field => ColumnOf(field.Name, field.Type, field.Nullable, field.Name))]);

    private static ParquetColumn ColumnOf(string name, DataType type, bool nullable, string path) => new(name, TypeOf(type, path), nullable);

    private static ColumnType TypeOf(DataType type, string path) => type switch
    {
        DataType.Struct group => new ColumnType.Struct([.. group.Fields.Select(field => ColumnOf(field.Name, field.Type, field.Nullable, $"{path}.{field.Name}"))]),
        DataType.Array array => new ColumnType.List(Part(ColumnPath.Element, array.Element, array.ContainsNull, path)),
        DataType.Map map => new ColumnType.Map(Part(ColumnPath.Key, map.Key, nullable: false, path), Part(ColumnPath.Value, map.Value, map.ValueContainsNull, path)),
        DataType.Primitive { Name: not "void" } primitive when RowTypes.TryTypeOf(primitive.Name) is { } known => known,
        _ => throw new DeltaException(DeltaErrorClass.SchemaMismatch, $"column {path} has type {type}, which is not supported in data files yet"),
    };

    private static ParquetColumn Part(string name, DataType type, bool nullable, string path) => ColumnOf(name, type, nullable, $"{path}.{name}");
}
