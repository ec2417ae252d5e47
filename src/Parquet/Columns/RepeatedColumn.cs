using System.Buffers;

namespace Latecomer.Parquet;

/// <summary>What lists and maps have in common: each row is a range of the columns beneath. Closed: <see cref="ListColumn"/> or
/// <see cref="MapColumn"/>.</summary>
public abstract class RepeatedColumn : ColumnData
{
    private readonly bool pooled;
    private int[] offsets;
    private bool[]? validity;

    private protected RepeatedColumn(int[] offsets, bool[]? validity, int length, int nullCount, bool pooled)
        : base(length, nullCount)
    {
        this.offsets = offsets;
        this.validity = validity;
        this.pooled = pooled;
    }

    /// <summary>One more than rows: row <c>r</c> has the elements from <c>Offsets[r]</c> up to and without <c>Offsets[r + 1]</c>, none if it is null.</summary>
    public ReadOnlySpan<int> Offsets => offsets.AsSpan(0, Length + 1);

    /// <inheritdoc/>
    public override ReadOnlySpan<bool> Validity => NullCount == 0 ? default : validity.AsSpan(0, Length);

    /// <summary>Where the row's elements begin.</summary>
    public int StartOf(int row) => Offsets[row];

    /// <summary>How many elements the row has.</summary>
    public int CountOf(int row) => Offsets[row + 1] - Offsets[row];

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (!pooled || offsets.Length == 0)
        {
            return;
        }

        ArrayPool<int>.Shared.Return(offsets);
        offsets = [];
        if (validity is { } flags)
        {
            ArrayPool<bool>.Shared.Return(flags);
            validity = null;
        }
    }

    /// <summary>Where the elements of some rows begin when nothing stands between them, and which elements those are.</summary>
    private protected (int[] Offsets, int[] Elements) TakeElements(ReadOnlySpan<int> rows)
    {
        var taken = new int[rows.Length + 1];
        for (var at = 0; at < rows.Length; at++)
        {
            taken[at + 1] = checked(taken[at] + CountOf(rows[at]));
        }

        var elements = new int[taken[^1]];
        for (var at = 0; at < rows.Length; at++)
        {
            for (var (element, to) = (StartOf(rows[at]), taken[at]); to < taken[at + 1]; element++, to++)
            {
                elements[to] = element;
            }
        }

        return (taken, elements);
    }

    private protected static void Check(int[] offsets, bool[]? validity, int elements)
    {
        if (offsets.Length == 0 || offsets[0] != 0 || offsets[^1] != elements || offsets.Zip(offsets.Skip(1)).Any(pair => pair.First > pair.Second))
        {
            throw new ArgumentException($"Offsets rise from 0 to {elements}, the number of elements.", nameof(offsets));
        }

        if (validity is not null && validity.Length != offsets.Length - 1)
        {
            throw new ArgumentException($"{offsets.Length} offsets came with {validity.Length} flags.", nameof(validity));
        }
    }
}
