namespace Latecomer.Parquet.Reading;

/// <summary>A growing array from the shared pool. Grows by what is really appended, so that no number that a file claims becomes an
/// allocation by itself, and never beyond <paramref name="maxCount"/> or the budget.</summary>
internal sealed class PooledBuffer<T>(int maxCount, ReadBudget budget) : IDisposable
    where T : unmanaged
{
    private T[] array = [];

    public int Count { get; private set; }

    public Span<T> Written => array.AsSpan(0, Count);

    /// <summary>Appends room for values, which the caller fills; what was there stays where it is only in content.</summary>
    public Span<T> Append(int count)
    {
        Reserve(count);
        Count += count;
        return array.AsSpan(Count - count, count);
    }

    /// <summary>Makes room for so many more.</summary>
    public void Reserve(int count)
    {
        var needed = (long)Count + count;
        if (needed <= array.Length)
        {
            return;
        }

        if (needed > maxCount)
        {
            throw ParquetException.Unsupported($"The rows of one batch take more than {maxCount} values or bytes in one column; read fewer rows per batch.");
        }

        var larger = budget.Rent<T>((int)Math.Min(Math.Max(needed, array.Length * 2L), maxCount));
        Written.CopyTo(larger);
        Return();
        array = larger;
    }

    /// <summary>Takes the last values off again.</summary>
    public void Drop(int count) => Count -= count;

    /// <summary>Empties the buffer and keeps its array.</summary>
    public void Clear() => Count = 0;

    /// <summary>Gives the array to the batch: whoever gets it returns it to the shared pool. Never empty, for an empty one is not
    /// pooled.</summary>
    public T[] Detach()
    {
        var detached = array.Length > 0 ? array : budget.Rent<T>(1);
        budget.HandOver(detached);
        (array, Count) = ([], 0);
        return detached;
    }

    public void Dispose()
    {
        Return();
        (array, Count) = ([], 0);
    }

    private void Return()
    {
        if (array.Length > 0)
        {
            budget.Return(array);
        }
    }
}
