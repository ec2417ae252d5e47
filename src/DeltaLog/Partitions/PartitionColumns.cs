namespace Latecomer.DeltaLog;

/// <summary>The partition columns of a table with their types: partitions as values rather than as texts of the log. The identity of a partition stays its text.</summary>
public sealed class PartitionColumns
{
    private static readonly DataType Unknown = new DataType.Primitive("string");

    private readonly (string Name, string Physical, DataType Type)[] _columns;

    private PartitionColumns((string Name, string Physical, DataType Type)[] columns) => _columns = columns;

    /// <summary>The columns of a table at a version.</summary>
    public static PartitionColumns Of(Snapshot table)
    {
        var schema = table.Metadata.TrySchema;
        return new([.. table.Metadata.PartitionColumns.Select(name => (name, table.Mapping.PhysicalNameOf(name), schema?.Find(name)?.Type ?? Unknown))]);
    }

    /// <summary>What a text means in a column; null when it is no value of the column's type.</summary>
    /// <exception cref="KeyNotFoundException">The table has no such partition column.</exception>
    public PartitionValue? TryParse(string column, string? text) => PartitionValueParser.TryParse(Find(column).Type, text);

    /// <summary>The value that all rows of a file have in a column; null where the file does not say.</summary>
    /// <exception cref="DeltaException">What the file says is no value of the column's type (<see cref="DeltaErrorClass.InvalidPartitionValue"/>).</exception>
    /// <exception cref="KeyNotFoundException">The table has no such partition column.</exception>
    public PartitionValue ValueOf(AddFile file, string column)
    {
        var (_, physical, type) = Find(column);
        file.PartitionValues.TryGetValue(physical, out var text);
        return PartitionValueParser.TryParse(type, text) ?? throw new DeltaException(
            DeltaErrorClass.InvalidPartitionValue,
            $"the add action of file {file.Path} has '{text}' in partition column {column}, which is no {type}");
    }

    /// <summary>Sorts by the values of partitions, column by column in the order of the columns; a value that is none of its column's type comes last, by its text.
    /// What is equal stays in its order.</summary>
    public IEnumerable<T> Sort<T>(IEnumerable<T> items, Func<T, PartitionValues> partitionOf) =>
        items.OrderBy(item => KeyOf(partitionOf(item)), Comparer<(PartitionValue? Value, string? Text)[]>.Create(Compare));

    private (string Name, string Physical, DataType Type) Find(string column)
    {
        var at = Array.FindIndex(_columns, known => string.Equals(known.Name, column, StringComparison.Ordinal));
        return at >= 0 ? _columns[at] : throw new KeyNotFoundException($"the table has no partition column {column}");
    }

    private static int Compare((PartitionValue? Value, string? Text)[] left, (PartitionValue? Value, string? Text)[] right)
    {
        for (var i = 0; i < left.Length; i++)
        {
            var order = (left[i].Value, right[i].Value) switch
            {
                ({ } x, { } y) => PartitionValueOrder.Instance.Compare(x, y),
                (null, null) => LogicalFileOrder.CompareUtf8(left[i].Text, right[i].Text),
                var (x, _) => x is null ? 1 : -1,
            };
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }

    private (PartitionValue? Value, string? Text)[] KeyOf(PartitionValues partition) =>
    [
        .. _columns.Select(column => partition.TryGetValue(column.Physical, out var text)
            ? (PartitionValueParser.TryParse(column.Type, text), text)
            : (PartitionValue.Missing.Value, null)),
    ];
}
