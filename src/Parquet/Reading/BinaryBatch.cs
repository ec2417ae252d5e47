namespace Latecomer.Parquet.Reading;

/// <summary>The texts or bytes of a batch that is being read, as ranges of one buffer. Batches that come wholly from dictionary pages
/// share the dictionary's bytes; the others have a buffer of their own.</summary>
internal sealed class BinaryBatch(ReadBudget budget) : IDisposable
{
    private readonly PooledBuffer<BinaryRange> ranges = new(budget.Options.MaxBatchValues, budget);
    private readonly PooledBuffer<byte> bytes = new(budget.Options.MaxBatchBytes, budget);
    private byte[]? shared;
    private int? dictionaryStart;

    /// <summary>The bytes stored so far, without a shared dictionary's.</summary>
    public ReadOnlySpan<byte> Bytes => bytes.Written;

    public void Begin(int rows)
    {
        ranges.Clear();
        ranges.Reserve(rows);
        bytes.Clear();
        Forget();
    }

    /// <summary>Forgets where the dictionary's bytes are, for there is another one.</summary>
    public void Forget()
    {
        Unshare();
        dictionaryStart = null;
    }

    /// <summary>Room for so many more slots.</summary>
    public Span<BinaryRange> Append(int slots) => ranges.Append(slots);

    /// <summary>Where a dictionary's bytes begin among the batch's.</summary>
    public int StartOf(byte[] dictionary)
    {
        if (dictionaryStart is { } start)
        {
            return start;
        }

        if (bytes.Count == 0)
        {
            shared = dictionary;
            dictionaryStart = 0;
            return 0;
        }

        start = Store(dictionary);
        dictionaryStart = start;
        return start;
    }

    /// <summary>Appends bytes and says where they begin.</summary>
    public int Store(ReadOnlySpan<byte> added)
    {
        var room = Store(added.Length, out var start);
        added.CopyTo(room);
        return start;
    }

    /// <summary>Appends room for bytes, which the caller fills, and says where it begins.</summary>
    public Span<byte> Store(int count, out int start)
    {
        Unshare();
        start = bytes.Count;
        return bytes.Append(count);
    }

    public BinaryColumn Finish(bool[]? validity, int nullCount)
    {
        var length = ranges.Count;
        var isStored = shared is null && bytes.Count > 0;
        var content = shared ?? (isStored ? bytes.Detach() : []);
        shared = null;
        return new BinaryColumn(content, ranges.Detach(), validity, length, nullCount, isRented: true, bytesAreRented: isStored);
    }

    public void Dispose()
    {
        ranges.Dispose();
        bytes.Dispose();
    }

    /// <summary>What was shared is copied, at the same place, before bytes of other pages follow it.</summary>
    private void Unshare()
    {
        if (shared is { } dictionary)
        {
            shared = null;
            dictionary.CopyTo(bytes.Append(dictionary.Length));
        }
    }
}
