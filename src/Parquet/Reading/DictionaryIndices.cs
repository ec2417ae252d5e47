using System.Buffers;
using Latecomer.Parquet.Encodings;

namespace Latecomer.Parquet.Reading;

/// <summary>Reads the indices of a dictionary-encoded page: a byte with their width, then the hybrid of runs and groups.</summary>
internal struct DictionaryIndices
{
    private readonly bool isEmpty;
    private RleDecoder decoder;

    public DictionaryIndices(ReadOnlyMemory<byte> page, int count)
    {
        isEmpty = count == 0;

        // A page of nulls alone may leave out the width.
        decoder = page.IsEmpty || isEmpty ? default : new RleDecoder(page[1..], page.Span[0], count - 1);
    }

    /// <summary>Reads the next indices into an array rented from the shared pool, each within the dictionary.</summary>
    public int[] Rent(int count)
    {
        if (isEmpty && count > 0)
        {
            throw ParquetException.Corrupt("A page has indices into an empty dictionary.");
        }

        var indices = ArrayPool<int>.Shared.Rent(Math.Max(count, 1));
        try
        {
            decoder.Read(indices.AsSpan(0, count));
            return indices;
        }
        catch
        {
            ArrayPool<int>.Shared.Return(indices);
            throw;
        }
    }
}
