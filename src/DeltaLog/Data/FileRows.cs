using Latecomer.Parquet;

namespace Latecomer.DeltaLog;

/// <summary>How the batches of one data file become rows of the table: which columns of the file to read, and what the wanted columns are made of.</summary>
internal sealed class FileRows
{
    private readonly ColumnFit _fit;
    private readonly WantedColumn[] _wanted;
    private readonly ParquetSchema _schema;

    private FileRows(ColumnFit fit, WantedColumn[] wanted)
    {
        _fit = fit;
        _wanted = wanted;
        _schema = new ParquetSchema([.. wanted.Select(column => column.Column)]);
        Stored = [.. wanted.Select(column => column.Stored?.Name).OfType<string>().Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The columns of the file that are needed.</summary>
    internal string[] Stored { get; }

    /// <summary>What becomes of a file with a schema.</summary>
    /// <param name="table">The table.</param>
    /// <param name="file">The file.</param>
    /// <param name="schema">What the file says of its columns.</param>
    /// <param name="wanted">The columns of the table.</param>
    /// <exception cref="DeltaException">The file cannot be rows of the table.</exception>
    internal static FileRows Of(Snapshot table, AddFile file, ParquetSchema schema, SchemaField[] wanted)
    {
        var names = new FileColumnNames(table.Mapping.Mode);
        if (names.Fault(schema) is { } fault)
        {
            throw new DeltaException(DeltaErrorClass.SchemaMismatch, fault);
        }

        var partition = PartitionColumns.Of(table);
        return new FileRows(new ColumnFit(names), [.. wanted.Select(Find)]);

        WantedColumn Find(SchemaField field)
        {
            var column = RowTypes.ColumnOf(field);
            if (table.Metadata.PartitionColumns.Contains(field.Name, StringComparer.Ordinal))
            {
                return new WantedColumn(field, column, Stored: null, partition.ValueOf(file, field.Name));
            }

            var at = names.IndexOf(field, schema.Columns);
            return new WantedColumn(field, column, at < 0 ? null : schema.Columns[at], PartitionValue.Missing.Value);
        }
    }

    /// <summary>A batch of the file's columns as one of the table's. Takes the batch over.</summary>
    /// <exception cref="DeltaException">A column of the file is of another type than the table's (<see cref="DeltaErrorClass.SchemaMismatch"/>).</exception>
    internal ColumnBatch ToTable(ColumnBatch batch) => _wanted.Length == 0 ? batch : new(_schema, [.. _wanted.Select(column => ToTable(column, batch))]);

    private ColumnData ToTable(WantedColumn wanted, ColumnBatch batch) => wanted.Stored is { } stored
        ? _fit.Fit(stored.Type, batch[stored.Name], wanted.Field.Type, wanted.Field.Name)
        : ConstantColumns.Of(wanted.Value, wanted.Column.Type, batch.RowCount);

    private sealed record WantedColumn(SchemaField Field, ParquetColumn Column, ParquetColumn? Stored, PartitionValue Value);
}
