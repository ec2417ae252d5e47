using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Latecomer.Parquet.Encodings;

namespace Latecomer.Parquet.Reading;

/// <summary>Assembles booleans, which are bits, plain or in runs; they have no dictionaries.</summary>
internal sealed class BooleanAssembler(ReadBudget budget) : ColumnAssembler
{
    private readonly PooledBuffer<bool> assembled = new(budget.Options.MaxBatchValues, budget);
    private bool isRunPage;
    private RleDecoder runs;
    private ReadOnlyMemory<byte> plain;
    private int bit;

    public override void Begin(int rows)
    {
        assembled.Clear();
        assembled.Reserve(rows);
    }

    public override void SetDictionary(ReadOnlySpan<byte> plain, int count) =>
        throw ParquetException.Corrupt("A column of booleans has a dictionary.");

    public override void SetPage(PageEncoding encoding, ReadOnlyMemory<byte> values)
    {
        // A page of nulls alone may have nothing, not even what its encoding begins with.
        isRunPage = encoding == PageEncoding.Rle && !values.IsEmpty;
        if (isRunPage)
        {
            runs = new RleDecoder(WithoutLength(values), bitWidth: 1, maxValue: 1);
        }
        else if (encoding == PageEncoding.Plain || values.IsEmpty)
        {
            plain = values;
            bit = 0;
        }
        else
        {
            throw UnsupportedEncoding(encoding);
        }
    }

    public override void Append(int slots, int present, ReadOnlySpan<bool> validity)
    {
        var target = assembled.Append(slots);
        if (isRunPage)
        {
            runs.ReadBits(target[..present]);
        }
        else
        {
            if ((plain.Length * 8L) - bit < present)
            {
                throw TooFewValues(present, (plain.Length * 8L) - bit);
            }

            BitPacking.UnpackBits(plain.Span, bit, MemoryMarshal.AsBytes(target[..present]));
            bit += present;
            plain = plain[(bit >> 3)..];
            bit &= 7;
        }

        if (present != slots)
        {
            Spreading.Apply(target, present, validity);
        }
    }

    public override ColumnData Finish(bool[]? validity, int nullCount)
    {
        var length = assembled.Count;
        return new ValueColumn<bool>(assembled.Detach(), validity, length, nullCount);
    }

    public override void Dispose() => assembled.Dispose();

    private static ReadOnlyMemory<byte> WithoutLength(ReadOnlyMemory<byte> page)
    {
        if (page.Length < 4 || BinaryPrimitives.ReadUInt32LittleEndian(page.Span) > (uint)(page.Length - 4))
        {
            throw ParquetException.Corrupt("A page of booleans in runs does not begin with their length.");
        }

        return page.Slice(4, BinaryPrimitives.ReadInt32LittleEndian(page.Span));
    }
}
