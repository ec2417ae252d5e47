namespace Latecomer.Parquet;

/// <summary>A run of rows by columns. Guarantees one <see cref="ColumnData"/> of the fitting kind and equal length
/// per column of the schema, and no null in a column that forbids it.</summary>
public sealed class ColumnBatch : IDisposable
{
    /// <summary>Joins columns to a schema; throws <see cref="ArgumentException"/> if they do not fit it.</summary>
    public ColumnBatch(ParquetSchema schema, IReadOnlyList<ColumnData> columns)
    {
        if (columns.Count != schema.Columns.Count)
        {
            throw new ArgumentException($"The schema has {schema.Columns.Count} columns, and {columns.Count} were given.", nameof(columns));
        }

        Schema = schema;
        Columns = columns;
        RowCount = columns.Count == 0 ? 0 : columns[0].Length;
        for (var ordinal = 0; ordinal < columns.Count; ordinal++)
        {
            Check(schema.Columns[ordinal], columns[ordinal]);
        }
    }

    /// <summary>A batch without columns (a projection to nothing) still has rows to count.</summary>
    internal ColumnBatch(ParquetSchema schema, int rowCount)
    {
        Schema = schema;
        Columns = [];
        RowCount = rowCount;
    }

    /// <summary>What the columns are.</summary>
    public ParquetSchema Schema { get; }

    /// <summary>The data in the order of the schema.</summary>
    public IReadOnlyList<ColumnData> Columns { get; }

    /// <summary>Number of rows.</summary>
    public int RowCount { get; }

    /// <summary>The data of the column with this exact name; throws <see cref="KeyNotFoundException"/> if there is none.</summary>
    public ColumnData this[string name] => Schema.IndexOf(name) is >= 0 and var ordinal
        ? Columns[ordinal]
        : throw new KeyNotFoundException($"The batch has no column '{name}'.");

    /// <summary>A copy of some rows, in the order given; it does not need this batch any more.</summary>
    public ColumnBatch Take(ReadOnlySpan<int> rows)
    {
        if (Columns.Count == 0)
        {
            return new ColumnBatch(Schema, rows.Length);
        }

        var taken = new ColumnData[Columns.Count];
        for (var ordinal = 0; ordinal < taken.Length; ordinal++)
        {
            taken[ordinal] = Columns[ordinal].Take(rows);
        }

        return new ColumnBatch(Schema, taken);
    }

    /// <summary>Disposes of every column; see <see cref="ColumnData"/>.</summary>
    public void Dispose()
    {
        foreach (var column in Columns)
        {
            column.Dispose();
        }
    }

    private void Check(ParquetColumn column, ColumnData data)
    {
        if (!ColumnFit.Fits(column.Type, data))
        {
            throw new ArgumentException($"Column '{column.Name}' is {column.Type}, which a {data.GetType().Name} cannot hold.", nameof(data));
        }

        if (data.Length != RowCount)
        {
            throw new ArgumentException($"Column '{column.Name}' has {data.Length} rows, and the batch {RowCount}.", nameof(data));
        }

        if (!column.Nullable && data.NullCount != 0)
        {
            throw new ArgumentException($"Column '{column.Name}' is required, and has {data.NullCount} nulls.", nameof(data));
        }
    }
}
