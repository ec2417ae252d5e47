using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Latecomer.Parquet.Reading;

/// <summary>The memory that one read of a row group may hold at a time: windows of the file, decompressed pages, dictionaries, and the
/// batch being made, until it is handed over. What would go beyond is refused before it is taken. For one thread.</summary>
internal sealed class ReadBudget(ParquetReadOptions options, long fileLength)
{
    private readonly long limit = options.MemoryLimit(fileLength);
    private long held;
    private long handedOver;
    private long worked;

    public ParquetReadOptions Options { get; } = options;

    /// <summary>Counts memory that is not pooled, or refuses it.</summary>
    public void Take(long bytes)
    {
        if (bytes > limit - held)
        {
            throw ParquetException.Unsupported(
                $"Reading takes more than {limit} bytes of memory at a time; read fewer rows per batch or fewer columns, or raise {nameof(ParquetReadOptions.MemoryBytes)}.");
        }

        held += bytes;
    }

    /// <summary>Counts bytes that were decompressed for a batch, or refuses to go on: what sound pages hold goes into their batch, or is held for the
    /// next one, so that it is no more than twice the memory. Pages may be full of what belongs to no value.</summary>
    public void Work(int bytes)
    {
        worked += bytes;
        if (worked / 2 > limit)
        {
            throw ParquetException.Unsupported($"The pages of one batch decompress to more than twice the {limit} bytes of memory that a read may hold.");
        }
    }

    /// <summary>Rents an array from the shared pool; see <see cref="Return"/> and <see cref="HandOver"/>.</summary>
    public T[] Rent<T>(int count)
        where T : unmanaged
    {
        // Pools round up to powers of two; what they really gave is known only afterwards.
        var expected = (long)BitOperations.RoundUpToPowerOf2((uint)count) * Unsafe.SizeOf<T>();
        Take(expected);
        var array = ArrayPool<T>.Shared.Rent(count);
        held += BytesOf(array) - expected;
        return array;
    }

    /// <summary>Takes back an array that was rented.</summary>
    public void Return<T>(T[] array)
        where T : unmanaged
    {
        held -= BytesOf(array);
        ArrayPool<T>.Shared.Return(array);
    }

    /// <summary>Says that an array that was rented now belongs to the batch.</summary>
    public void HandOver<T>(T[] array)
        where T : unmanaged => handedOver += BytesOf(array);

    /// <summary>Says that the batch has gone to the caller, whose memory it is from here on.</summary>
    public void Settle()
    {
        held -= handedOver;
        handedOver = 0;
        worked = 0;
    }

    private static long BytesOf<T>(T[] array)
        where T : unmanaged => (long)array.Length * Unsafe.SizeOf<T>();
}
