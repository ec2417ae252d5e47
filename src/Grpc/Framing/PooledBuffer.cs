using System.Buffers;

namespace Latecomer.Grpc;

/// <summary>Bytes that are written one after the other into an array of the pool, at most so many. Disposing gives the array back.</summary>
internal sealed class PooledBuffer(int mostBytes) : IBufferWriter<byte>, IDisposable
{
    private const int FirstBytes = 4096;

    private byte[] _array = ArrayPool<byte>.Shared.Rent(Math.Min(FirstBytes, Math.Max(1, mostBytes)));
    private int _length;

    /// <summary>What was written.</summary>
    public ReadOnlyMemory<byte> Written => _array.AsMemory(0, _length);

    /// <inheritdoc/>
    public void Advance(int count) => _length = _length + count <= mostBytes ? _length + count : throw new MessageTooLargeException();

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Grow(Math.Max(1, sizeHint));
        return _array.AsMemory(_length);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>Adds what a stream has left.</summary>
    /// <exception cref="MessageTooLargeException">It has more than the buffer may hold.</exception>
    public void Fill(Stream source)
    {
        while (source.Read(GetSpan()) is > 0 and var count)
        {
            Advance(count);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_array);
        _array = [];
    }

    private void Grow(int atLeast)
    {
        if (_array.Length - _length >= atLeast)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_array.Length * 2, _length + atLeast));
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_array);
        _array = larger;
    }
}
