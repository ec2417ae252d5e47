using System.Buffers;

namespace Latecomer.Parquet.Writing;

/// <summary>Bytes being put together in a pooled array, which can be looked at and mended until it is cleared.</summary>
internal sealed class PageBuffer : IBufferWriter<byte>, IDisposable
{
    private const int LeastCapacity = 256;

    private byte[] buffer = [];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Memory => buffer.AsMemory(0, Length);

    public Span<byte> Written => buffer.AsSpan(0, Length);

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(buffer.Length - Length), nameof(count));
        Length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return buffer.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return buffer.AsSpan(Length);
    }

    public void Clear() => Length = 0;

    public void Dispose()
    {
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = [];
            Length = 0;
        }
    }

    private void Reserve(int count)
    {
        count = Math.Max(count, 1);
        if (count <= buffer.Length - Length)
        {
            return;
        }

        var needed = checked(Length + count);
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(Math.Max(needed, LeastCapacity), buffer.Length * 2L), Array.MaxLength));
        Written.CopyTo(larger);
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        buffer = larger;
    }
}
