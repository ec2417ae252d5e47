using Latecomer.Parquet;

namespace Latecomer.DeltaLog;

/// <summary>A column of a checkpoint, or a part of one: what it is called, and its values of some actions. Where there is no action, it is null.</summary>
internal sealed record CheckpointColumn<T>(ParquetColumn Column, Func<T?[], ColumnData> Data)
    where T : class;

/// <summary>The columns that checkpoints consist of.</summary>
internal static class CheckpointColumn
{
    private static readonly ParquetColumn Key = new(ColumnPath.Key, new ColumnType.String(), Nullable: false);
    private static readonly ParquetColumn Value = new(ColumnPath.Value, new ColumnType.String());
    private static readonly ParquetColumn Element = new(ColumnPath.Element, new ColumnType.String());

    internal static CheckpointColumn<T> Text<T>(string name, Func<T, string?> value)
        where T : class => new(new(name, new ColumnType.String()), rows => BinaryColumn.From([.. rows.Select(row => row is null ? null : value(row))]));

    internal static CheckpointColumn<T> Long<T>(string name, Func<T, long?> value)
        where T : class => new(new(name, new ColumnType.Int64()), rows => ValueColumn<long>.From([.. rows.Select(row => row is null ? null : value(row))]));

    internal static CheckpointColumn<T> Int<T>(string name, Func<T, int?> value)
        where T : class => new(new(name, new ColumnType.Int32()), rows => ValueColumn<int>.From([.. rows.Select(row => row is null ? null : value(row))]));

    internal static CheckpointColumn<T> Flag<T>(string name, Func<T, bool?> value)
        where T : class => new(new(name, new ColumnType.Boolean()), rows => ValueColumn<bool>.From([.. rows.Select(row => row is null ? null : value(row))]));

    internal static CheckpointColumn<T> Texts<T>(string name, Func<T, IReadOnlyList<string>?> value)
        where T : class => new(new(name, new ColumnType.List(Element)), rows =>
    {
        var (offsets, valid, texts) = Join(rows, value);
        return new ListColumn(offsets, valid, BinaryColumn.From(texts));
    });

    internal static CheckpointColumn<T> Map<T>(string name, Func<T, IReadOnlyCollection<KeyValuePair<string, string?>>?> value)
        where T : class => new(new(name, new ColumnType.Map(Key, Value)), rows =>
    {
        var (offsets, valid, pairs) = Join(rows, value);
        return new MapColumn(offsets, valid, BinaryColumn.From([.. pairs.Select(pair => (string?)pair.Key)]), BinaryColumn.From([.. pairs.Select(pair => pair.Value)]));
    });

    internal static CheckpointColumn<T> Group<T, TPart>(string name, Func<T, TPart?> value, params IEnumerable<CheckpointColumn<TPart>> fields)
        where T : class
        where TPart : class
    {
        CheckpointColumn<TPart>[] columns = [.. fields];
        var type = new ColumnType.Struct([.. columns.Select(field => field.Column)]);
        return new(new(name, type), rows =>
        {
            TPart?[] parts = [.. rows.Select(row => row is null ? null : value(row))];
            return new StructColumn(type, [.. columns.Select(field => field.Data(parts))], [.. parts.Select(part => part is not null)]);
        });
    }

    private static (int[] Offsets, bool[] Valid, List<TItem> Items) Join<T, TItem>(T?[] rows, Func<T, IReadOnlyCollection<TItem>?> value)
        where T : class
    {
        var offsets = new int[rows.Length + 1];
        var valid = new bool[rows.Length];
        var items = new List<TItem>();
        for (var row = 0; row < rows.Length; row++)
        {
            if (rows[row] is { } action && value(action) is { } found)
            {
                valid[row] = true;
                items.AddRange(found);
            }

            offsets[row + 1] = items.Count;
        }

        return (offsets, valid, items);
    }
}
