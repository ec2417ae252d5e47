using System.Buffers;
using System.Buffers.Binary;

namespace Latecomer.Parquet.Reading;

/// <summary>Assembles texts and bytes as ranges of one buffer. Batches that come wholly from dictionary pages share the
/// dictionary's bytes; the others have a buffer of their own.</summary>
/// <param name="fixedLength">Bytes of each value, or null if each has its length before it.</param>
internal sealed class BinaryAssembler(int? fixedLength) : ColumnAssembler
{
    private BinaryRange[] ranges = [];
    private int filled;
    private byte[] bytes = [];
    private int bytesUsed;
    private bool isShared;

    /// <summary>Not pooled: batches that are out hold on to it.</summary>
    private byte[] dictionaryBytes = [];
    private BinaryRange[]? dictionaryRanges;
    private int? dictionaryStart;
    private bool isDictionaryPage;
    private DictionaryIndices indices;
    private ReadOnlyMemory<byte> plain;

    public override void Begin(int rows)
    {
        ranges = ArrayPool<BinaryRange>.Shared.Rent(Math.Max(rows, 1));
        filled = 0;
        bytes = [];
        bytesUsed = 0;
        isShared = false;
        dictionaryStart = null;
    }

    public override void SetDictionary(ReadOnlySpan<byte> plain, int count)
    {
        // Every entry takes its length at least, so a count beyond that is a lie that must not become an allocation.
        var most = plain.Length / (fixedLength ?? sizeof(int));
        if (most < count)
        {
            throw TooFewValues(count, most);
        }

        dictionaryBytes = plain.ToArray();
        dictionaryRanges = new BinaryRange[count];
        Scan(plain, dictionaryRanges, start: 0);
        dictionaryStart = null;
    }

    public override void SetPage(PageEncoding encoding, ReadOnlyMemory<byte> values)
    {
        isDictionaryPage = encoding is PageEncoding.PlainDictionary or PageEncoding.RleDictionary;
        if (isDictionaryPage)
        {
            indices = new DictionaryIndices(values, dictionaryRanges?.Length);
        }
        else if (encoding == PageEncoding.Plain)
        {
            plain = values;
        }
        else
        {
            throw UnsupportedEncoding(encoding);
        }
    }

    public override void Append(int rows, int present, ReadOnlySpan<bool> validity)
    {
        var target = ranges.AsSpan(filled, rows);
        if (present > 0)
        {
            if (isDictionaryPage)
            {
                AppendFromDictionary(target[..present]);
            }
            else
            {
                AppendPlain(target[..present]);
            }
        }

        if (present != rows)
        {
            Spreading.Apply(target, present, validity);
        }

        filled += rows;
    }

    public override ColumnData Finish(bool[]? validity, int nullCount)
    {
        var column = new BinaryColumn(bytes, ranges, validity, filled, nullCount, isRented: true, bytesAreRented: !isShared && bytes.Length > 0);
        ranges = [];
        bytes = [];
        return column;
    }

    public override void Dispose()
    {
        if (ranges.Length > 0)
        {
            ArrayPool<BinaryRange>.Shared.Return(ranges);
            ranges = [];
        }

        if (!isShared && bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }

        bytes = [];
    }

    /// <summary>Finds values one after the other and gives the bytes they take, lengths included; the ranges are those in a
    /// buffer to which these bytes go at <paramref name="start"/>.</summary>
    private int Scan(ReadOnlySpan<byte> plain, Span<BinaryRange> found, int start)
    {
        var position = 0;
        for (var index = 0; index < found.Length; index++)
        {
            var length = fixedLength ?? ReadLength(plain, ref position);
            if (length < 0 || length > plain.Length - position)
            {
                throw ParquetException.Corrupt($"A value is said to have {(uint)length} bytes where its page has {plain.Length - position} left.");
            }

            found[index] = new BinaryRange(start + position, length);
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

    private void AppendFromDictionary(Span<BinaryRange> target)
    {
        var start = dictionaryStart ??= PlaceDictionary();
        var rented = indices.Rent(target.Length);
        var entries = dictionaryRanges.AsSpan();
        for (var index = 0; index < target.Length; index++)
        {
            var range = entries[rented[index]];
            target[index] = new BinaryRange(start + range.Start, range.Length);
        }

        ArrayPool<int>.Shared.Return(rented);
    }

    private int PlaceDictionary()
    {
        if (bytesUsed == 0 && bytes.Length == 0)
        {
            bytes = dictionaryBytes;
            bytesUsed = bytes.Length;
            isShared = true;
            return 0;
        }

        return Store(dictionaryBytes);
    }

    private void AppendPlain(Span<BinaryRange> target)
    {
        var taken = Scan(plain.Span, target, start: bytesUsed);
        Store(plain.Span[..taken]);
        plain = plain[taken..];
    }

    /// <summary>Appends bytes to the batch's buffer and says where they begin in it.</summary>
    private int Store(ReadOnlySpan<byte> added)
    {
        var start = bytesUsed;
        var needed = (long)bytesUsed + added.Length;
        if (needed > Array.MaxLength)
        {
            throw ParquetException.Unsupported("The values of one batch take more than 2 GiB; read fewer rows per batch.");
        }

        if (isShared || needed > bytes.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(needed, bytes.Length * 2L), Array.MaxLength));
            bytes.AsSpan(0, bytesUsed).CopyTo(larger);
            if (!isShared && bytes.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(bytes);
            }

            bytes = larger;
            isShared = false;
        }

        added.CopyTo(bytes.AsSpan(bytesUsed));
        bytesUsed += added.Length;
        return start;
    }
}
