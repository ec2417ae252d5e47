using System.Buffers;

namespace Latecomer.DeltaLog;

/// <summary>Bytes of an exact length in a pooled array.</summary>
internal sealed class RentedBytes(int length) : IMemoryOwner<byte>
{
    private byte[]? _array = ArrayPool<byte>.Shared.Rent(length);
    private int _length = length;

    public Memory<byte> Memory => _array is { } array
        ? array.AsMemory(0, _length)
        : throw new ObjectDisposedException(nameof(RentedBytes));

    /// <summary>This, with only the first bytes left of it.</summary>
    internal RentedBytes Shortened(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, _length);
        _length = length;
        return this;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _array, null) is { } array)
        {
            ArrayPool<byte>.Shared.Return(array);
        }
    }
}
