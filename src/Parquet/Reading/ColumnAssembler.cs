namespace Latecomer.Parquet.Reading;

/// <summary>Turns the values of pages into the column of one batch after the other. A batch is begun, filled from one page or
/// several, and finished.</summary>
internal abstract class ColumnAssembler : IDisposable
{
    /// <summary>Begins a batch of <paramref name="rows"/> rows.</summary>
    public abstract void Begin(int rows);

    /// <summary>Takes the chunk's dictionary, in plain encoding; the bytes are copied.</summary>
    public abstract void SetDictionary(ReadOnlySpan<byte> plain, int count);

    /// <summary>Takes the next page's values, which stay valid until the page after it.</summary>
    public abstract void SetPage(PageEncoding encoding, ReadOnlyMemory<byte> values);

    /// <summary>Appends rows from the page: <paramref name="present"/> of them have a value, and <paramref name="validity"/>
    /// (empty if all have) says which.</summary>
    public abstract void Append(int rows, int present, ReadOnlySpan<bool> validity);

    /// <summary>Ends the batch; the column takes over the flags, which are rented or null.</summary>
    public abstract ColumnData Finish(bool[]? validity, int nullCount);

    public abstract void Dispose();

    protected static ParquetException UnsupportedEncoding(PageEncoding encoding) =>
        ParquetException.Unsupported($"The encoding {(Enum.IsDefined(encoding) ? encoding : $"number {(int)encoding}")} is not read for this type.");

    protected static ParquetException TooFewValues(int wanted, long available) =>
        ParquetException.Corrupt($"A page has bytes for {available} values where {wanted} are needed.");
}
