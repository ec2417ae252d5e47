using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Latecomer.Parquet.Reading;

/// <summary>Assembles numbers: <see cref="int"/>, <see cref="long"/>, <see cref="float"/>, <see cref="double"/>.</summary>
internal sealed class ValueAssembler<T> : ColumnAssembler
    where T : unmanaged
{
    private T[] values = [];
    private int filled;
    private T[]? dictionary;
    private int dictionaryCount;
    private bool isDictionaryPage;
    private DictionaryIndices indices;
    private ReadOnlyMemory<byte> plain;

    public override void Begin(int rows)
    {
        values = ArrayPool<T>.Shared.Rent(Math.Max(rows, 1));
        filled = 0;
    }

    public override void SetDictionary(ReadOnlySpan<byte> plain, int count)
    {
        if (plain.Length / Unsafe.SizeOf<T>() < count)
        {
            throw TooFewValues(count, plain.Length / Unsafe.SizeOf<T>());
        }

        ReturnDictionary();
        dictionary = ArrayPool<T>.Shared.Rent(Math.Max(count, 1));
        dictionaryCount = count;
        MemoryMarshal.Cast<byte, T>(plain)[..count].CopyTo(dictionary);
    }

    public override void SetPage(PageEncoding encoding, ReadOnlyMemory<byte> values)
    {
        isDictionaryPage = encoding is PageEncoding.PlainDictionary or PageEncoding.RleDictionary;
        if (isDictionaryPage)
        {
            indices = new DictionaryIndices(values, dictionary is null ? null : dictionaryCount);
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
        var target = values.AsSpan(filled, rows);
        if (isDictionaryPage)
        {
            AppendFromDictionary(target[..present]);
        }
        else
        {
            AppendPlain(target[..present]);
        }

        if (present != rows)
        {
            Spreading.Apply(target, present, validity);
        }

        filled += rows;
    }

    public override ColumnData Finish(bool[]? validity, int nullCount)
    {
        var column = new ValueColumn<T>(values, validity, filled, nullCount);
        values = [];
        return column;
    }

    public override void Dispose()
    {
        ReturnDictionary();
        if (values.Length > 0)
        {
            ArrayPool<T>.Shared.Return(values);
            values = [];
        }
    }

    private void ReturnDictionary()
    {
        if (dictionary is { } rented)
        {
            ArrayPool<T>.Shared.Return(rented);
            dictionary = null;
        }
    }

    private void AppendFromDictionary(Span<T> target)
    {
        if (target.IsEmpty)
        {
            return;
        }

        var rented = indices.Rent(target.Length);
        var entries = dictionary.AsSpan(0, dictionaryCount);
        for (var index = 0; index < target.Length; index++)
        {
            target[index] = entries[rented[index]];
        }

        ArrayPool<int>.Shared.Return(rented);
    }

    private void AppendPlain(Span<T> target)
    {
        var available = plain.Length / Unsafe.SizeOf<T>();
        if (available < target.Length)
        {
            throw TooFewValues(target.Length, available);
        }

        MemoryMarshal.Cast<byte, T>(plain.Span)[..target.Length].CopyTo(target);
        plain = plain[(target.Length * Unsafe.SizeOf<T>())..];
    }
}
