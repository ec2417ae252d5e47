using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Latecomer.Parquet.Encodings;

namespace Latecomer.Parquet.Reading;

/// <summary>The numbers of a page, in one encoding.</summary>
internal abstract class ValuePage<T>
    where T : unmanaged
{
    /// <summary>Fills <paramref name="target"/> with the next values.</summary>
    public abstract void Read(Span<T> target);
}

/// <summary>One value after the other.</summary>
internal sealed class PlainValuePage<T>(ReadOnlyMemory<byte> page) : ValuePage<T>
    where T : unmanaged
{
    private ReadOnlyMemory<byte> rest = page;

    public override void Read(Span<T> target)
    {
        var available = rest.Length / Unsafe.SizeOf<T>();
        if (available < target.Length)
        {
            throw ColumnAssembler.TooFewValues(target.Length, available);
        }

        MemoryMarshal.Cast<byte, T>(rest.Span)[..target.Length].CopyTo(target);
        rest = rest[(target.Length * Unsafe.SizeOf<T>())..];
    }
}

/// <summary>Indices into the chunk's dictionary.</summary>
internal sealed class DictionaryValuePage<T>(ReadOnlyMemory<byte> page, ReadOnlyMemory<T> entries) : ValuePage<T>
    where T : unmanaged
{
    private DictionaryIndices indices = new(page, entries.Length);

    public override void Read(Span<T> target)
    {
        if (target.IsEmpty)
        {
            return;
        }

        var rented = indices.Rent(target.Length);
        var values = entries.Span;
        for (var index = 0; index < target.Length; index++)
        {
            target[index] = values[rented[index]];
        }

        ArrayPool<int>.Shared.Return(rented);
    }
}

/// <summary>Differences of integers of 4 or 8 bytes.</summary>
internal sealed class DeltaValuePage<T>(ReadOnlyMemory<byte> page) : ValuePage<T>
    where T : unmanaged
{
    private DeltaDecoder decoder = new(page);

    public override void Read(Span<T> target)
    {
        if (Unsafe.SizeOf<T>() == sizeof(long))
        {
            decoder.Read(MemoryMarshal.Cast<T, long>(target));
        }
        else
        {
            decoder.Read(MemoryMarshal.Cast<T, int>(target));
        }
    }
}

/// <summary>The bytes of the values, by their significance.</summary>
internal sealed class SplitValuePage<T>(ReadOnlyMemory<byte> page) : ValuePage<T>
    where T : unmanaged
{
    private readonly int count = ByteStreamSplit.Count(page, Unsafe.SizeOf<T>());
    private int position;

    public override void Read(Span<T> target)
    {
        if (target.Length > count - position)
        {
            throw ColumnAssembler.TooFewValues(target.Length, count - position);
        }

        ByteStreamSplit.Join(page.Span, Unsafe.SizeOf<T>(), position, MemoryMarshal.AsBytes(target));
        position += target.Length;
    }
}
