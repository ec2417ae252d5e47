namespace Latecomer.Parquet;

/// <summary>The values of one column for a run of rows, one slot per row, nulls included. Immutable to its users.
/// Closed: <see cref="ValueColumn{T}"/>, <see cref="BinaryColumn"/>, <see cref="ListColumn"/>, <see cref="MapColumn"/> or
/// <see cref="StructColumn"/>. Beneath lists and maps a row is an element.</summary>
/// <remarks>Disposing gives pooled buffers back; the values must not be looked at afterwards. What is never disposed
/// is collected like anything else.</remarks>
public abstract class ColumnData : IDisposable
{
    private protected ColumnData(int length, int nullCount)
    {
        Length = length;
        NullCount = nullCount;
    }

    /// <summary>Number of rows.</summary>
    public int Length { get; }

    /// <summary>Number of rows without a value.</summary>
    public int NullCount { get; }

    /// <summary>One entry per row, true where there is a value. Empty if <see cref="NullCount"/> is 0.</summary>
    public abstract ReadOnlySpan<bool> Validity { get; }

    /// <summary>Whether the row has no value.</summary>
    public bool IsNull(int row) => NullCount != 0 && !Validity[row];

    /// <summary>A copy of some rows, in the order given; a row may come more than once. It does not need this column any more.</summary>
    public abstract ColumnData Take(ReadOnlySpan<int> rows);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>The flags of some rows; null if none of them is null.</summary>
    private protected bool[]? TakeValidity(ReadOnlySpan<int> rows)
    {
        if (NullCount == 0)
        {
            return null;
        }

        var taken = new bool[rows.Length];
        for (var at = 0; at < rows.Length; at++)
        {
            taken[at] = Validity[rows[at]];
        }

        return taken;
    }
}
