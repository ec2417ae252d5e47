namespace Latecomer.Parquet;

/// <summary>What rows are wanted, as far as the statistics of row groups can tell. Closed. Guarantees to pass over a row group only if none of
/// its rows is wanted: what statistics leave open may match, and rows have to be looked at one by one all the same.</summary>
public abstract record RowGroupPredicate
{
    private RowGroupPredicate()
    {
    }

    /// <summary>Whether a row group of the file may have a wanted row. Throws <see cref="ArgumentException"/> for a column that the file lacks,
    /// or a value that its type does not have.</summary>
    public abstract bool MayMatch(ParquetFileMetadata file, RowGroupMetadata rowGroup);

    /// <summary>Rows whose value in a column compares so with <paramref name="Value"/>. Numbers, dates and times are in the order of numbers,
    /// texts and bytes in that of their unsigned bytes, whatever they were shortened to. NaN is before nothing and after everything, or in no
    /// order at all: both are allowed for. -0 is 0. Within lists and maps, and for types whose bounds have no order that all writers agree on
    /// (INT96, intervals, half floats, decimals and UUIDs as bytes), every row group may match.</summary>
    /// <param name="Column">The names down to the column, through structs.</param>
    /// <param name="How">The comparison.</param>
    /// <param name="Value">Of the kind that the column's statistics have; see <see cref="ColumnValue"/>.</param>
    public sealed record Compare(ColumnPath Column, Comparison How, ColumnValue Value) : RowGroupPredicate
    {
        /// <inheritdoc/>
        public override bool MayMatch(ParquetFileMetadata file, RowGroupMetadata rowGroup)
        {
            var (stored, chunk) = Find(Column, file, rowGroup);
            BoundOrder.Check(Column, stored.Type, Value);
            if (rowGroup.RowCount == 0 || IsAllNull(chunk))
            {
                return false;
            }

            return stored.MaxRepetitionLevel > 0 || chunk.Statistics is not { } statistics || BoundOrder.MayMatch(statistics, How, Value);
        }
    }

    /// <summary>Rows whose column is null, be it because a struct above it is.</summary>
    public sealed record IsNull(ColumnPath Column) : RowGroupPredicate
    {
        /// <inheritdoc/>
        public override bool MayMatch(ParquetFileMetadata file, RowGroupMetadata rowGroup)
        {
            var (stored, chunk) = Find(Column, file, rowGroup);
            return rowGroup.RowCount > 0
                && (stored.MaxRepetitionLevel > 0 || (stored.MaxDefinitionLevel > 0 && chunk.Statistics?.NullCount is not 0));
        }
    }

    /// <summary>Rows whose column is not null.</summary>
    public sealed record IsNotNull(ColumnPath Column) : RowGroupPredicate
    {
        /// <inheritdoc/>
        public override bool MayMatch(ParquetFileMetadata file, RowGroupMetadata rowGroup)
        {
            var (stored, chunk) = Find(Column, file, rowGroup);
            return rowGroup.RowCount > 0 && (stored.MaxRepetitionLevel > 0 || !IsAllNull(chunk));
        }
    }

    /// <summary>Rows that all of several predicates want.</summary>
    public sealed record All(IReadOnlyList<RowGroupPredicate> Predicates) : RowGroupPredicate
    {
        /// <inheritdoc/>
        public override bool MayMatch(ParquetFileMetadata file, RowGroupMetadata rowGroup) => Predicates.All(predicate => predicate.MayMatch(file, rowGroup));
    }

    /// <summary>Rows that one of several predicates wants.</summary>
    public sealed record Any(IReadOnlyList<RowGroupPredicate> Predicates) : RowGroupPredicate
    {
        /// <inheritdoc/>
        public override bool MayMatch(ParquetFileMetadata file, RowGroupMetadata rowGroup) => Predicates.Any(predicate => predicate.MayMatch(file, rowGroup));
    }

    /// <summary>Statistics that have bounds all the same contradict themselves.</summary>
    private static bool IsAllNull(ColumnChunkMetadata chunk) =>
        chunk.Statistics is { Min: null, Max: null, NullCount: { } nulls } && nulls == chunk.ValueCount;

    private static (StoredColumn Stored, ColumnChunkMetadata Chunk) Find(ColumnPath column, ParquetFileMetadata file, RowGroupMetadata rowGroup)
    {
        for (var ordinal = 0; ordinal < file.StoredColumns.Count; ordinal++)
        {
            if (file.StoredColumns[ordinal].Path.SequenceEqual(column.Steps, StringComparer.Ordinal))
            {
                return (file.StoredColumns[ordinal], rowGroup.Columns[ordinal]);
            }
        }

        throw new ArgumentException($"The file has no column '{column}' that values could be compared with.", nameof(column));
    }
}
