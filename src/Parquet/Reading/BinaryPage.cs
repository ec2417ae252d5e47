using System.Buffers;
using System.Buffers.Binary;

namespace Latecomer.Parquet.Reading;

/// <summary>The texts or bytes of a page, in one encoding.</summary>
internal abstract class BinaryPage
{
    /// <summary>Stores the next values in the batch, as far as they are not there yet, and says where they are.</summary>
    public abstract void Read(Span<BinaryRange> target, BinaryBatch batch);
}

/// <summary>One value after the other, with its length before it unless all have the same.</summary>
internal sealed class PlainBinaryPage(ReadOnlyMemory<byte> page, int? fixedLength) : BinaryPage
{
    private ReadOnlyMemory<byte> rest = page;

    public override void Read(Span<BinaryRange> target, BinaryBatch batch)
    {
        var taken = Scan(rest.Span, fixedLength, target);
        var start = batch.Store(rest.Span[..taken]);
        rest = rest[taken..];
        foreach (ref var range in target)
        {
            range = new BinaryRange(start + range.Start, range.Length);
        }
    }

    /// <summary>Finds values one after the other and gives the bytes they take, lengths included.</summary>
    public static int Scan(ReadOnlySpan<byte> plain, int? fixedLength, Span<BinaryRange> found)
    {
        var position = 0;
        for (var index = 0; index < found.Length; index++)
        {
            var length = fixedLength ?? ReadLength(plain, ref position);
            if (length < 0 || length > plain.Length - position)
            {
                throw ParquetException.Corrupt($"A value is said to have {(uint)length} bytes where its page has {plain.Length - position} left.");
            }

            found[index] = new BinaryRange(position, length);
            position += length;
        }

        return position;
    }

    private static int ReadLength(ReadOnlySpan<byte> plain, ref int position)
    {
        if (plain.Length - position < sizeof(int))
        {
            throw ParquetException.Corrupt("A page ends before its last value.");
        }

        position += sizeof(int);
        return BinaryPrimitives.ReadInt32LittleEndian(plain[(position - sizeof(int))..]);
    }
}

/// <summary>Indices into the chunk's dictionary.</summary>
internal sealed class DictionaryBinaryPage(ReadOnlyMemory<byte> page, byte[] bytes, BinaryRange[] entries) : BinaryPage
{
    private DictionaryIndices indices = new(page, entries.Length);

    public override void Read(Span<BinaryRange> target, BinaryBatch batch)
    {
        if (target.IsEmpty)
        {
            return;
        }

        var start = batch.StartOf(bytes);
        var rented = indices.Rent(target.Length);
        for (var index = 0; index < target.Length; index++)
        {
            var range = entries[rented[index]];
            target[index] = new BinaryRange(start + range.Start, range.Length);
        }

        ArrayPool<int>.Shared.Return(rented);
    }
}
