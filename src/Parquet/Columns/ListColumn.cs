namespace Latecomer.Parquet;

/// <summary>A column of lists: the elements of all rows in one column, and where each row's begin. Owns its elements.</summary>
public sealed class ListColumn : RepeatedColumn
{
    /// <summary>A column over offsets, flags (null: no row is null) and elements, which must not change any more; throws
    /// <see cref="ArgumentException"/> if they do not fit each other.</summary>
    public ListColumn(int[] offsets, bool[]? validity, ColumnData elements)
        : this(offsets, validity, offsets.Length - 1, validity?.Count(flag => !flag) ?? 0, elements, pooled: false) =>
        Check(offsets, validity, elements.Length);

    internal ListColumn(int[] offsets, bool[]? validity, int length, int nullCount, ColumnData elements, bool pooled)
        : base(offsets, validity, length, nullCount, pooled) => Elements = elements;

    /// <summary>The elements of all rows.</summary>
    public ColumnData Elements { get; }

    /// <inheritdoc/>
    public override ColumnData Take(ReadOnlySpan<int> rows)
    {
        var (offsets, elements) = TakeElements(rows);
        return new ListColumn(offsets, TakeValidity(rows), Elements.Take(elements));
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        Elements.Dispose();
    }
}
