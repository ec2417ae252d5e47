using Latecomer.Parquet.Format;

namespace Latecomer.Parquet.Reading;

/// <summary>Turns the values of pages into the column of one batch after the other. A batch is begun, filled from one page or
/// several, and finished.</summary>
internal abstract class ColumnAssembler : IDisposable
{
    /// <summary>What assembles the values of a leaf.</summary>
    public static ColumnAssembler For(LeafColumn leaf, ReadBudget budget) => (leaf.PhysicalType, leaf.Type) switch
    {
        (PhysicalType.Boolean, _) => new BooleanAssembler(budget),
        (PhysicalType.Int32, ColumnType.UInt8 or ColumnType.UInt16 or ColumnType.UInt32) => new ValueAssembler<uint>(budget),
        (PhysicalType.Int32, _) => new ValueAssembler<int>(budget),
        (PhysicalType.Int64, ColumnType.UInt64) => new ValueAssembler<ulong>(budget),
        (PhysicalType.Int64, _) => new ValueAssembler<long>(budget),
        (PhysicalType.Int96, _) => new ValueAssembler<Int96>(budget),
        (PhysicalType.Float, _) => new ValueAssembler<float>(budget),
        (PhysicalType.Double, _) => new ValueAssembler<double>(budget),
        (PhysicalType.ByteArray, _) => new BinaryAssembler(fixedLength: null, budget),
        (PhysicalType.FixedLengthByteArray, _) => new BinaryAssembler(leaf.Element.TypeLength, budget),
        _ => throw ParquetException.Unsupported($"Values of {leaf.PhysicalType} are not read."),
    };

    /// <summary>Begins a batch of <paramref name="rows"/> rows; there may be more slots or less.</summary>
    public abstract void Begin(int rows);

    /// <summary>Takes the chunk's dictionary, in plain encoding; the bytes are copied.</summary>
    public abstract void SetDictionary(ReadOnlySpan<byte> plain, int count);

    /// <summary>Takes the next page's values, which stay valid until the page after it.</summary>
    public abstract void SetPage(PageEncoding encoding, ReadOnlyMemory<byte> values);

    /// <summary>Appends slots from the page: <paramref name="present"/> of them have a value, and <paramref name="validity"/>
    /// (empty if all have) says which.</summary>
    public abstract void Append(int slots, int present, ReadOnlySpan<bool> validity);

    /// <summary>Ends the batch; the column takes over the flags, which are rented or null.</summary>
    public abstract ColumnData Finish(bool[]? validity, int nullCount);

    public abstract void Dispose();

    protected static ParquetException UnsupportedEncoding(PageEncoding encoding) =>
        ParquetException.Unsupported($"The encoding {(Enum.IsDefined(encoding) ? encoding : $"number {(int)encoding}")} is not read for this type.");

    protected static ParquetException NoDictionary() =>
        ParquetException.Corrupt("A page is encoded by a dictionary, and its chunk has none before it.");

    public static ParquetException TooFewValues(int wanted, long available) =>
        ParquetException.Corrupt($"A page has bytes for {available} values where {wanted} are needed.");
}
