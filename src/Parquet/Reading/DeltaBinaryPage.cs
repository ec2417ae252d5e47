using Latecomer.Parquet.Encodings;

namespace Latecomer.Parquet.Reading;

/// <summary>All lengths as differences, then all bytes.</summary>
internal sealed class DeltaLengthPage : BinaryPage
{
    private DeltaDecoder lengths;
    private ReadOnlyMemory<byte> rest;

    public DeltaLengthPage(ReadOnlyMemory<byte> page)
    {
        lengths = new DeltaDecoder(page);
        rest = page[lengths.FindEnd()..];
    }

    public override void Read(Span<BinaryRange> target, BinaryBatch batch)
    {
        Span<int> part = stackalloc int[256];
        while (!target.IsEmpty)
        {
            part = part[..Math.Min(part.Length, target.Length)];
            lengths.Read(part);
            long total = 0;
            for (var index = 0; index < part.Length; index++)
            {
                if (part[index] < 0)
                {
                    throw ParquetException.Corrupt($"A value is said to have {part[index]} bytes.");
                }

                target[index] = new BinaryRange((int)Math.Min(total, int.MaxValue), part[index]);
                total += part[index];
            }

            if (total > rest.Length)
            {
                throw ParquetException.Corrupt($"Values are said to have {total} bytes where their page has {rest.Length} left.");
            }

            var start = batch.Store(rest.Span[..(int)total]);
            foreach (ref var range in target[..part.Length])
            {
                range = new BinaryRange(start + range.Start, range.Length);
            }

            rest = rest[(int)total..];
            target = target[part.Length..];
        }
    }
}

/// <summary>For each value how many bytes it begins with like the one before it, and its other bytes.</summary>
internal sealed class DeltaBytesPage : BinaryPage
{
    private readonly int? fixedLength;
    private DeltaDecoder prefixes;
    private DeltaDecoder suffixes;
    private ReadOnlyMemory<byte> rest;

    /// <summary>The last value of what was read before, whose bytes the batch may have given away.</summary>
    private byte[] previous = [];

    public DeltaBytesPage(ReadOnlyMemory<byte> page, int? fixedLength)
    {
        this.fixedLength = fixedLength;
        prefixes = new DeltaDecoder(page);
        page = page[prefixes.FindEnd()..];
        suffixes = new DeltaDecoder(page);
        rest = page[suffixes.FindEnd()..];
    }

    public override void Read(Span<BinaryRange> target, BinaryBatch batch)
    {
        if (target.IsEmpty)
        {
            return;
        }

        Span<int> prefix = stackalloc int[128];
        Span<int> suffix = stackalloc int[128];
        var last = new BinaryRange(batch.Store(previous), previous.Length);
        while (!target.IsEmpty)
        {
            prefix = prefix[..Math.Min(prefix.Length, target.Length)];
            suffix = suffix[..prefix.Length];
            prefixes.Read(prefix);
            suffixes.Read(suffix);
            for (var index = 0; index < prefix.Length; index++)
            {
                last = ReadOne(prefix[index], suffix[index], last, batch);
                target[index] = last;
            }

            target = target[prefix.Length..];
        }

        previous = batch.Bytes.Slice(last.Start, last.Length).ToArray();
    }

    private BinaryRange ReadOne(int prefix, int suffix, BinaryRange last, BinaryBatch batch)
    {
        if (prefix < 0 || suffix < 0 || prefix > last.Length || suffix > rest.Length)
        {
            throw ParquetException.Corrupt($"A value is said to share {prefix} bytes with one of {last.Length}, and to have {suffix} more where its page has {rest.Length}.");
        }

        var length = (long)prefix + suffix;
        if (length > int.MaxValue || (fixedLength is { } wanted && length != wanted))
        {
            throw ParquetException.Corrupt($"A value has {length} bytes, which its type does not allow.");
        }

        // What is the same as before needs no bytes of its own.
        if (suffix == 0 && prefix == last.Length)
        {
            return last;
        }

        var room = batch.Store((int)length, out var start);
        batch.Bytes.Slice(last.Start, prefix).CopyTo(room);
        rest.Span[..suffix].CopyTo(room[prefix..]);
        rest = rest[suffix..];
        return new BinaryRange(start, (int)length);
    }
}

/// <summary>The bytes of values of one length, by their places.</summary>
internal sealed class SplitBinaryPage(ReadOnlyMemory<byte> page, int length) : BinaryPage
{
    private readonly int count = ByteStreamSplit.Count(page, length);
    private int position;

    public override void Read(Span<BinaryRange> target, BinaryBatch batch)
    {
        if (target.Length > count - position)
        {
            throw ColumnAssembler.TooFewValues(target.Length, count - position);
        }

        ByteStreamSplit.Join(page.Span, length, position, batch.Store(target.Length * length, out var start));
        position += target.Length;
        for (var index = 0; index < target.Length; index++)
        {
            target[index] = new BinaryRange(start + (index * length), length);
        }
    }
}
