using System.Runtime.CompilerServices;

namespace Latecomer.Parquet.Reading;

/// <summary>Assembles texts and bytes.</summary>
/// <param name="fixedLength">Bytes of each value, or null if values have their own lengths.</param>
/// <param name="budget">Their bounds.</param>
internal sealed class BinaryAssembler(int? fixedLength, ReadBudget budget) : ColumnAssembler
{
    private readonly BinaryBatch batch = new(budget);

    /// <summary>Not pooled: batches that are out hold on to it.</summary>
    private byte[] dictionaryBytes = [];
    private BinaryRange[]? dictionary;
    private BinaryPage page = new PlainBinaryPage(default, fixedLength);

    public override void Begin(int rows) => batch.Begin(rows);

    public override void SetDictionary(ReadOnlySpan<byte> plain, int count)
    {
        // Every entry takes its length at least, so a count beyond that is a lie that must not become an allocation.
        var most = plain.Length / (fixedLength ?? sizeof(int));
        if (most < count)
        {
            throw TooFewValues(count, most);
        }

        budget.Take(plain.Length + ((long)count * Unsafe.SizeOf<BinaryRange>()));
        dictionaryBytes = plain.ToArray();
        dictionary = new BinaryRange[count];
        PlainBinaryPage.Scan(plain, fixedLength, dictionary);
        batch.Forget();
    }

    public override void SetPage(PageEncoding encoding, ReadOnlyMemory<byte> values) => page = encoding switch
    {
        // A page of nulls alone may have nothing, not even what its encoding begins with.
        _ when values.IsEmpty => new PlainBinaryPage(values, fixedLength),
        PageEncoding.Plain => new PlainBinaryPage(values, fixedLength),
        PageEncoding.PlainDictionary or PageEncoding.RleDictionary =>
            new DictionaryBinaryPage(values, dictionaryBytes, dictionary ?? throw NoDictionary()),
        PageEncoding.DeltaLengthByteArray when fixedLength is null => new DeltaLengthPage(values),
        PageEncoding.DeltaByteArray => new DeltaBytesPage(values, fixedLength),
        PageEncoding.ByteStreamSplit when fixedLength is { } length => new SplitBinaryPage(values, length),
        _ => throw UnsupportedEncoding(encoding),
    };

    public override void Append(int slots, int present, ReadOnlySpan<bool> validity)
    {
        var target = batch.Append(slots);
        if (present > 0)
        {
            page.Read(target[..present], batch);
        }

        if (present != slots)
        {
            Spreading.Apply(target, present, validity);
        }
    }

    public override ColumnData Finish(bool[]? validity, int nullCount) => batch.Finish(validity, nullCount);

    public override void Dispose() => batch.Dispose();
}
