using System.Buffers;

namespace Latecomer.Parquet;

/// <summary>A column of fixed-width values: <see cref="bool"/>, <see cref="int"/>, <see cref="uint"/>, <see cref="long"/>,
/// <see cref="ulong"/>, <see cref="float"/>, <see cref="double"/> or <see cref="Int96"/>.</summary>
/// <typeparam name="T">The value as it is stored; <see cref="ColumnType"/> says which type uses which.</typeparam>
public sealed class ValueColumn<T> : ColumnData
    where T : unmanaged
{
    private readonly bool pooled;
    private T[] values;
    private bool[]? validity;

    /// <summary>A column without nulls over <paramref name="values"/>, which must not change any more.</summary>
    public ValueColumn(T[] values)
        : base(values.Length, nullCount: 0) => this.values = values;

    /// <summary>A column over <paramref name="values"/> and as many flags, true where there is a value; neither may change
    /// any more.</summary>
    public ValueColumn(T[] values, bool[] validity)
        : base(values.Length, validity.AsSpan().Count(false))
    {
        if (validity.Length != values.Length)
        {
            throw new ArgumentException($"{values.Length} values came with {validity.Length} flags.", nameof(validity));
        }

        this.values = values;
        this.validity = validity;
    }

    /// <summary>Takes over arrays rented from the shared pools.</summary>
    internal ValueColumn(T[] rentedValues, bool[]? rentedValidity, int length, int nullCount)
        : base(length, nullCount)
    {
        values = rentedValues;
        validity = rentedValidity;
        pooled = true;
    }

    /// <summary>One value per row; what stands at a null row means nothing.</summary>
    public ReadOnlySpan<T> Values => values.AsSpan(0, Length);

    /// <inheritdoc/>
    public override ReadOnlySpan<bool> Validity => NullCount == 0 ? default : validity.AsSpan(0, Length);

    /// <summary>The row's value, or null.</summary>
    public T? this[int row] => IsNull(row) ? null : Values[row];

    /// <summary>A column with a copy of <paramref name="values"/>.</summary>
    public static ValueColumn<T> From(IReadOnlyList<T?> values)
    {
        var copied = new T[values.Count];
        var valid = new bool[values.Count];
        for (var row = 0; row < copied.Length; row++)
        {
            copied[row] = values[row].GetValueOrDefault();
            valid[row] = values[row].HasValue;
        }

        return new ValueColumn<T>(copied, valid);
    }

    /// <inheritdoc/>
    public override ColumnData Take(ReadOnlySpan<int> rows)
    {
        var taken = new T[rows.Length];
        for (var at = 0; at < rows.Length; at++)
        {
            taken[at] = Values[rows[at]];
        }

        return TakeValidity(rows) is { } flags ? new ValueColumn<T>(taken, flags) : new ValueColumn<T>(taken);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (!pooled || values.Length == 0)
        {
            return;
        }

        ArrayPool<T>.Shared.Return(values);
        values = [];
        if (validity is { } flags)
        {
            ArrayPool<bool>.Shared.Return(flags);
            validity = null;
        }
    }
}
