using Latecomer.Parquet;

namespace Latecomer.DeltaLog;

/// <summary>The columns of data files: types of the log's schema as types of Parquet (PROTOCOL.md, "Primitive Types").</summary>
internal static class DataFileSchema
{
    private static readonly Dictionary<string, ColumnType> Types = new(StringComparer.Ordinal)
    {
        ["string"] = new ColumnType.String(),
        ["long"] = new ColumnType.Int64(),
        ["integer"] = new ColumnType.Int32(),
        ["short"] = new ColumnType.Int16(),
        ["byte"] = new ColumnType.Int8(),
        ["float"] = new ColumnType.Float(),
        ["double"] = new ColumnType.Double(),
        ["boolean"] = new ColumnType.Boolean(),
        ["binary"] = new ColumnType.Binary(),
        ["date"] = new ColumnType.Date(),
        ["timestamp"] = new ColumnType.Timestamp(),
    };

    /// <summary>The schema of a table's new data files.</summary>
    /// <exception cref="DeltaException">A column has a type that is not written (<see cref="DeltaErrorClass.SchemaMismatch"/>).</exception>
    internal static ParquetSchema Of(TableDefinition definition) =>
        new([.. definition.DataFields.Select(field => new ParquetColumn(field.Name, TypeOf(field), field.Nullable))]);

    /// <summary>The Parquet type of a column.</summary>
    internal static ColumnType TypeOf(SchemaField field) => field.Type is DataType.Primitive primitive && Types.TryGetValue(primitive.Name, out var type)
        ? type
        : throw new DeltaException(DeltaErrorClass.SchemaMismatch, $"column {field.Name} has type {field.Type}, which is not supported in data files yet");
}
