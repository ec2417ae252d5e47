namespace Latecomer.Parquet;

/// <summary>A column of maps: the pairs of all rows in two columns, and where each row's begin. Keys may repeat within a row: the file
/// decides. Owns its keys and values.</summary>
public sealed class MapColumn : RepeatedColumn
{
    /// <summary>A column over offsets, flags (null: no row is null) and pairs, which must not change any more; throws
    /// <see cref="ArgumentException"/> if they do not fit each other.</summary>
    public MapColumn(int[] offsets, bool[]? validity, ColumnData keys, ColumnData? values)
        : this(offsets, validity, offsets.Length - 1, validity?.Count(flag => !flag) ?? 0, keys, values, pooled: false)
    {
        Check(offsets, validity, keys.Length);
        if (values is not null && values.Length != keys.Length)
        {
            throw new ArgumentException($"{keys.Length} keys came with {values.Length} values.", nameof(values));
        }
    }

    internal MapColumn(int[] offsets, bool[]? validity, int length, int nullCount, ColumnData? keys, ColumnData? values, bool pooled)
        : base(offsets, validity, length, nullCount, pooled) => (Keys, Values) = (keys, values);

    /// <summary>The keys of all rows; null if a projection left them out.</summary>
    public ColumnData? Keys { get; }

    /// <summary>The values of all rows; null if the file has none, or a projection left them out.</summary>
    public ColumnData? Values { get; }

    /// <inheritdoc/>
    public override ColumnData Take(ReadOnlySpan<int> rows)
    {
        var (offsets, elements) = TakeElements(rows);
        var flags = TakeValidity(rows);
        return new MapColumn(offsets, flags, rows.Length, flags?.Count(flag => !flag) ?? 0, Keys?.Take(elements), Values?.Take(elements), pooled: false);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        Keys?.Dispose();
        Values?.Dispose();
    }
}
