using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Latecomer.Parquet.Reading;

/// <summary>Assembles numbers of 4, 8 or 12 bytes.</summary>
internal sealed class ValueAssembler<T>(ReadBudget budget) : ColumnAssembler
    where T : unmanaged
{
    private readonly PooledBuffer<T> assembled = new(budget.Options.MaxBatchValues, budget);
    private T[]? dictionary;
    private int dictionaryCount;
    private ValuePage<T> page = new PlainValuePage<T>(default);

    public override void Begin(int rows)
    {
        assembled.Clear();
        assembled.Reserve(rows);
    }

    public override void SetDictionary(ReadOnlySpan<byte> plain, int count)
    {
        if (plain.Length / Unsafe.SizeOf<T>() < count)
        {
            throw TooFewValues(count, plain.Length / Unsafe.SizeOf<T>());
        }

        ReturnDictionary();
        dictionary = budget.Rent<T>(Math.Max(count, 1));
        dictionaryCount = count;
        MemoryMarshal.Cast<byte, T>(plain)[..count].CopyTo(dictionary);
    }

    public override void SetPage(PageEncoding encoding, ReadOnlyMemory<byte> values) => page = encoding switch
    {
        // A page of nulls alone may have nothing, not even what its encoding begins with.
        _ when values.IsEmpty => new PlainValuePage<T>(values),
        PageEncoding.Plain => new PlainValuePage<T>(values),
        PageEncoding.PlainDictionary or PageEncoding.RleDictionary =>
            new DictionaryValuePage<T>(values, (dictionary ?? throw NoDictionary()).AsMemory(0, dictionaryCount)),
        PageEncoding.DeltaBinaryPacked when default(T) is int or uint or long or ulong => new DeltaValuePage<T>(values),
        PageEncoding.ByteStreamSplit when default(T) is not Int96 => new SplitValuePage<T>(values),
        _ => throw UnsupportedEncoding(encoding),
    };

    public override void Append(int slots, int present, ReadOnlySpan<bool> validity)
    {
        var target = assembled.Append(slots);
        page.Read(target[..present]);
        if (present != slots)
        {
            Spreading.Apply(target, present, validity);
        }
    }

    public override ColumnData Finish(bool[]? validity, int nullCount)
    {
        var length = assembled.Count;
        return new ValueColumn<T>(assembled.Detach(), validity, length, nullCount);
    }

    public override void Dispose()
    {
        ReturnDictionary();
        assembled.Dispose();
    }

    private void ReturnDictionary()
    {
        if (dictionary is { } rented)
        {
            budget.Return(rented);
            dictionary = null;
        }
    }
}
