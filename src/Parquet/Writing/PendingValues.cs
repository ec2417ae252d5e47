using System.Buffers;

namespace Latecomer.Parquet.Writing;

/// <summary>What waits for its page's end, in a growing array from the shared pool.</summary>
internal sealed class PendingValues<T> : IDisposable
    where T : unmanaged
{
    private T[] array = [];

    public int Count { get; private set; }

    public Span<T> Written => array.AsSpan(0, Count);

    /// <summary>Appends room for values, which the caller fills.</summary>
    public Span<T> Append(int count)
    {
        var needed = checked(Count + count);
        if (needed > array.Length)
        {
            var larger = ArrayPool<T>.Shared.Rent((int)Math.Min(Math.Max(needed, array.Length * 2L), Array.MaxLength));
            Written.CopyTo(larger);
            Return();
            array = larger;
        }

        Count = needed;
        return array.AsSpan(needed - count, count);
    }

    /// <summary>Takes the last values off again.</summary>
    public void Drop(int count) => Count -= count;

    /// <summary>Empties the buffer and keeps its array.</summary>
    public void Clear() => Count = 0;

    public void Dispose()
    {
        Return();
        (array, Count) = ([], 0);
    }

    private void Return()
    {
        if (array.Length > 0)
        {
            ArrayPool<T>.Shared.Return(array);
        }
    }
}
