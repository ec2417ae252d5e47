using Latecomer.Parquet;

namespace Latecomer.DeltaLog;

/// <summary>Makes a column of a file what the table says that it is: parts by the table's names and in its order, those that the file lacks null, values widened where
/// the table's type is a wider one (PROTOCOL.md, "Type Widening").</summary>
internal sealed class ColumnFit(FileColumnNames names)
{
    /// <summary>The data of a column as the table's type. Takes the data over.</summary>
    /// <exception cref="DeltaException">The file has another type (<see cref="DeltaErrorClass.SchemaMismatch"/>).</exception>
    internal ColumnData Fit(ColumnType stored, ColumnData data, DataType type, string path) => (type, stored, data) switch
    {
        (DataType.Struct to, ColumnType.Struct from, StructColumn group) => FitStruct(from, group, to, path),
        (DataType.Array to, ColumnType.List from, ListColumn list) => new ListColumn(
            list.Offsets.ToArray(),
            FlagsOf(list),
            Fit(from.Element.Type, list.Elements, to.Element, $"{path}.{ColumnPath.Element}")),
        (DataType.Map to, ColumnType.Map from, MapColumn { Keys: { } keys } map) => new MapColumn(
            map.Offsets.ToArray(),
            FlagsOf(map),
            Fit(from.Key.Type, keys, to.Key, $"{path}.{ColumnPath.Key}"),
            map.Values is { } values && from.Value is { } value
                ? Fit(value.Type, values, to.Value, $"{path}.{ColumnPath.Value}")
                : ConstantColumns.Nulls(RowTypes.TypeOf(to.Value, path), keys.Length)),
        (DataType.Primitive, _, _) => FitValues(stored, data, type, path),
        _ => throw Mismatch(stored, type, path),
    };

    private StructColumn FitStruct(ColumnType.Struct stored, StructColumn group, DataType.Struct type, string path)
    {
        var fields = new ColumnData[type.Fields.Count];
        for (var i = 0; i < fields.Length; i++)
        {
            var field = type.Fields[i];
            var below = $"{path}.{field.Name}";
            fields[i] = names.IndexOf(field, stored.Fields) is >= 0 and var at
                ? Fit(stored.Fields[at].Type, group.Fields[at], field.Type, below)
                : ConstantColumns.Nulls(RowTypes.TypeOf(field.Type, below), group.Length);
        }

        return new StructColumn((ColumnType.Struct)RowTypes.TypeOf(type, path), fields, FlagsOf(group) ?? (fields.Length == 0 ? AllSet(group.Length) : null));
    }

    private static ColumnData FitValues(ColumnType stored, ColumnData data, DataType type, string path)
    {
        try
        {
            return ValueFit.TryFit(stored, data, RowTypes.TypeOf(type, path)) ?? throw Mismatch(stored, type, path);
        }
        catch (OverflowException error)
        {
            throw new DeltaException(DeltaErrorClass.SchemaMismatch, $"column {path} has a value that {type} cannot hold", error);
        }
    }

    private static bool[]? FlagsOf(ColumnData data) => data.NullCount == 0 ? null : data.Validity.ToArray();

    private static bool[] AllSet(int rows)
    {
        var flags = new bool[rows];
        flags.AsSpan().Fill(true);
        return flags;
    }

    private static DeltaException Mismatch(ColumnType stored, DataType type, string path) => new(
        DeltaErrorClass.SchemaMismatch,
        $"column {path} is {stored} in the file, and {type} in the table");
}
