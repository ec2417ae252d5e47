using System.Text.Json;

namespace Latecomer.Parquet.Rows;

/// <summary>Writes the values of one column of a batch, bound to its data once, so that a value costs no look at its type.</summary>
internal abstract class Cell(ColumnData data)
{
    /// <summary>What writes the values of a column.</summary>
    public static Cell For(ColumnType type, ColumnData data) => (type, data) switch
    {
        (ColumnType.List list, ListColumn column) => new ListCell(list, column),
        (ColumnType.Map map, MapColumn column) => new MapCell(map, column),
        (ColumnType.Struct, StructColumn column) => new StructCell(column),
        (ColumnType.Decimal number, ValueColumn<int> column) => new ValueCell<int>(column, (json, value) => DecimalText.Write(json, value, number.Scale)),
        (ColumnType.Decimal number, ValueColumn<long> column) => new ValueCell<long>(column, (json, value) => DecimalText.Write(json, value, number.Scale)),
        (ColumnType.Decimal number, BinaryColumn column) => new BinaryCell(column, (json, bytes) => DecimalText.Write(json, bytes, number.Scale)),
        (ColumnType.Date, ValueColumn<int> column) => new ValueCell<int>(column, (json, value) => TimeText.WriteDate(json, value)),
        (ColumnType.Time time, ValueColumn<int> column) => new ValueCell<int>(column, (json, value) => TimeText.WriteTime(json, value, time.Unit)),
        (ColumnType.Time time, ValueColumn<long> column) => new ValueCell<long>(column, (json, value) => TimeText.WriteTime(json, value, time.Unit)),
        (ColumnType.Timestamp time, ValueColumn<long> column) => new ValueCell<long>(column, (json, value) => TimeText.WriteTimestamp(json, value, time)),
        (ColumnType.Int96, ValueColumn<Int96> column) => new ValueCell<Int96>(column, TimeText.WriteTimestamp),
        (ColumnType.String, BinaryColumn column) => new BinaryCell(column, ScalarText.WriteText),
        (ColumnType.Uuid, BinaryColumn column) => new BinaryCell(column, ScalarText.WriteUuid),
        (ColumnType.Float16, BinaryColumn column) => new BinaryCell(column, ScalarText.WriteHalf),
        (_, BinaryColumn column) => new BinaryCell(column, (json, bytes) => json.WriteBase64StringValue(bytes)),
        (_, ValueColumn<bool> column) => new ValueCell<bool>(column, (json, value) => json.WriteBooleanValue(value)),
        (_, ValueColumn<int> column) => new ValueCell<int>(column, (json, value) => json.WriteNumberValue(value)),
        (_, ValueColumn<uint> column) => new ValueCell<uint>(column, (json, value) => json.WriteNumberValue(value)),
        (_, ValueColumn<long> column) => new ValueCell<long>(column, ScalarText.WriteDigits),
        (_, ValueColumn<ulong> column) => new ValueCell<ulong>(column, ScalarText.WriteDigits),
        (_, ValueColumn<float> column) => new ValueCell<float>(column, (json, value) => ScalarText.WriteReal(json, value)),
        (_, ValueColumn<double> column) => new ValueCell<double>(column, ScalarText.WriteReal),
        _ => throw new ArgumentException($"A {data.GetType().Name} holds no {type}.", nameof(data)),
    };

    public void Write(Utf8JsonWriter json, int row)
    {
        if (data.IsNull(row))
        {
            json.WriteNullValue();
        }
        else
        {
            WriteValue(json, row);
        }
    }

    protected abstract void WriteValue(Utf8JsonWriter json, int row);
}

/// <summary>Numbers, in the form that their type asks for.</summary>
internal sealed class ValueCell<T>(ValueColumn<T> data, Action<Utf8JsonWriter, T> write) : Cell(data)
    where T : unmanaged
{
    private readonly ValueColumn<T> data = data;

    protected override void WriteValue(Utf8JsonWriter json, int row) => write(json, data.Values[row]);
}

/// <summary>Texts and bytes, in the form that their type asks for.</summary>
internal sealed class BinaryCell(BinaryColumn data, Action<Utf8JsonWriter, ReadOnlySpan<byte>> write) : Cell(data)
{
    private readonly BinaryColumn data = data;

    protected override void WriteValue(Utf8JsonWriter json, int row) => write(json, data.GetBytes(row));
}

/// <summary>Lists as arrays.</summary>
internal sealed class ListCell(ColumnType.List type, ListColumn data) : Cell(data)
{
    private readonly ListColumn data = data;
    private readonly Cell elements = For(type.Element.Type, data.Elements);

    protected override void WriteValue(Utf8JsonWriter json, int row)
    {
        json.WriteStartArray();
        var end = data.Offsets[row + 1];
        for (var index = data.Offsets[row]; index < end; index++)
        {
            elements.Write(json, index);
        }

        json.WriteEndArray();
    }
}

/// <summary>Maps as arrays of pairs: keys may repeat, and need not be texts.</summary>
internal sealed class MapCell(ColumnType.Map type, MapColumn data) : Cell(data)
{
    private readonly MapColumn data = data;
    private readonly Cell? keys = data.Keys is { } keys ? For(type.Key.Type, keys) : null;
    private readonly Cell? values = data.Values is { } values && type.Value is { } value ? For(value.Type, values) : null;

    protected override void WriteValue(Utf8JsonWriter json, int row)
    {
        json.WriteStartArray();
        var end = data.Offsets[row + 1];
        for (var index = data.Offsets[row]; index < end; index++)
        {
            json.WriteStartArray();
            Write(keys, json, index);
            Write(values, json, index);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static void Write(Cell? cell, Utf8JsonWriter json, int index)
    {
        if (cell is null)
        {
            json.WriteNullValue();
        }
        else
        {
            cell.Write(json, index);
        }
    }
}

/// <summary>Structs as objects.</summary>
internal sealed class StructCell(StructColumn data) : Cell(data)
{
    private readonly RowCell fields = new(
        RowCell.Names(data.Type.Fields), [.. data.Type.Fields.Select((field, ordinal) => For(field.Type, data.Fields[ordinal]))]);

    protected override void WriteValue(Utf8JsonWriter json, int row) => fields.Write(json, row);
}
