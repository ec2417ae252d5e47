using System.Buffers;

namespace Latecomer.DeltaLog;

/// <summary>Bytes of an exact length in a pooled array.</summary>
internal sealed class RentedBytes(int length) : IMemoryOwner<byte>
{
    private byte[]? _array = ArrayPool<byte>.Shared.Rent(length);

    public Memory<byte> Memory => _array is { } array
        ? array.AsMemory(0, length)
        : throw new ObjectDisposedException(nameof(RentedBytes));

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _array, null) is { } array)
        {
            ArrayPool<byte>.Shared.Return(array);
        }
    }
}
