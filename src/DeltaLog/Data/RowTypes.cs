using Latecomer.Parquet;

namespace Latecomer.DeltaLog;

/// <summary>The types in which rows are given: those of the log's schema as types of columns (PROTOCOL.md, "Primitive Types").</summary>
internal static class RowTypes
{
    /// <summary>A column of the table, by its name there.</summary>
    /// <exception cref="DeltaException">Its type, or a part of it, is not read (<see cref="DeltaErrorClass.UnsupportedReaderFeature"/>).</exception>
    internal static ParquetColumn ColumnOf(SchemaField field) => new(field.Name, TypeOf(field.Type, field.Name));

    /// <summary>The type of a column at a path.</summary>
    /// <exception cref="DeltaException">It, or a part of it, is not read (<see cref="DeltaErrorClass.UnsupportedReaderFeature"/>).</exception>
    internal static ColumnType TypeOf(DataType type, string path) => type switch
    {
        DataType.Primitive primitive => TryTypeOf(primitive.Name) ?? throw new DeltaException(
            DeltaErrorClass.UnsupportedReaderFeature,
            $"column {path} is of type {type}, whose values this build does not read"),
        DataType.Struct group => new ColumnType.Struct([.. group.Fields.Select(field => new ParquetColumn(field.Name, TypeOf(field.Type, $"{path}.{field.Name}")))]),
        DataType.Array array => new ColumnType.List(Part(ColumnPath.Element, array.Element, path)),
        DataType.Map map => new ColumnType.Map(Part(ColumnPath.Key, map.Key, path), Part(ColumnPath.Value, map.Value, path)),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static ParquetColumn Part(string name, DataType type, string path) => new(name, TypeOf(type, $"{path}.{name}"));

    /// <summary>The type of a type without parts; null when this build has none for it.</summary>
    internal static ColumnType? TryTypeOf(string type) => type switch
    {
        // A column of nothing but nulls is not in the files at all.
        "string" or "void" => new ColumnType.String(),
        "long" => new ColumnType.Int64(),
        "integer" => new ColumnType.Int32(),
        "short" => new ColumnType.Int16(),
        "byte" => new ColumnType.Int8(),
        "float" => new ColumnType.Float(),
        "double" => new ColumnType.Double(),
        "boolean" => new ColumnType.Boolean(),
        "binary" => new ColumnType.Binary(),
        "date" => new ColumnType.Date(),
        "timestamp" => new ColumnType.Timestamp(),
        "timestamp_ntz" => new ColumnType.Timestamp(AdjustedToUtc: false),
        _ => DecimalType.TryParse(type) is { } number ? new ColumnType.Decimal(number.Precision, number.Scale) : null,
    };
}
