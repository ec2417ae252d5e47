using System.Buffers;
using System.Text;

namespace Latecomer.Parquet;

/// <summary>A column of byte strings or UTF-8 texts, kept as ranges of one buffer, so that equal values of a
/// dictionary share their bytes.</summary>
public sealed class BinaryColumn : ColumnData
{
    private readonly bool isRented;
    private readonly bool bytesAreRented;
    private byte[] bytes;
    private BinaryRange[] ranges;
    private bool[]? validity;

    /// <summary>Takes over arrays. If <paramref name="isRented"/>, ranges and flags came from the shared pools, and
    /// bytes too if <paramref name="bytesAreRented"/>; else they may be a dictionary's, which other batches look at.</summary>
    internal BinaryColumn(
        byte[] bytes, BinaryRange[] ranges, bool[]? validity, int length, int nullCount, bool isRented = false, bool bytesAreRented = false)
        : base(length, nullCount)
    {
        this.bytes = bytes;
        this.ranges = ranges;
        this.validity = validity;
        this.isRented = isRented;
        this.bytesAreRented = bytesAreRented;
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<bool> Validity => NullCount == 0 ? default : validity.AsSpan(0, Length);

    /// <summary>A column with a copy of <paramref name="values"/> as UTF-8.</summary>
    public static BinaryColumn From(IReadOnlyList<string?> values) =>
        From(values.Count, row => values[row] is { } text ? Encoding.UTF8.GetBytes(text) : null);

    /// <summary>A column with a copy of <paramref name="values"/>.</summary>
    public static BinaryColumn From(IReadOnlyList<byte[]?> values) => From(values.Count, row => values[row]);

    /// <summary>The row's bytes, valid until the column is disposed; empty for a null, so ask
    /// <see cref="ColumnData.IsNull"/> too.</summary>
    public ReadOnlySpan<byte> GetBytes(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Length);
        return IsNull(row) ? default : bytes.AsSpan(ranges[row].Start, ranges[row].Length);
    }

    /// <summary>The row's text, or null. Bytes that are not UTF-8 become U+FFFD.</summary>
    public string? GetString(int row) => IsNull(row) ? null : Encoding.UTF8.GetString(GetBytes(row));

    /// <inheritdoc/>
    public override ColumnData Take(ReadOnlySpan<int> rows)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var taken = new BinaryRange[rows.Length];
        for (var at = 0; at < rows.Length; at++)
        {
            var value = GetBytes(rows[at]);
            taken[at] = new BinaryRange(buffer.WrittenCount, value.Length);
            buffer.Write(value);
        }

        var flags = TakeValidity(rows);
        return new BinaryColumn(buffer.WrittenSpan.ToArray(), taken, flags, rows.Length, flags?.AsSpan().Count(false) ?? 0);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (!isRented || ranges.Length == 0)
        {
            return;
        }

        if (bytesAreRented)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }

        ArrayPool<BinaryRange>.Shared.Return(ranges);
        bytes = [];
        ranges = [];
        if (validity is { } flags)
        {
            ArrayPool<bool>.Shared.Return(flags);
            validity = null;
        }
    }

    /// <summary>The first row with a value of another length than <paramref name="length"/>; -1 if there is none.</summary>
    internal int FindLengthOtherThan(int length)
    {
        for (var row = 0; row < Length; row++)
        {
            if (ranges[row].Length != length && !IsNull(row))
            {
                return row;
            }
        }

        return -1;
    }

    private static BinaryColumn From(int count, Func<int, byte[]?> valueOf)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var copied = new BinaryRange[count];
        var valid = new bool[count];
        for (var row = 0; row < count; row++)
        {
            if (valueOf(row) is not { } value)
            {
                continue;
            }

            copied[row] = new BinaryRange(buffer.WrittenCount, value.Length);
            valid[row] = true;
            buffer.Write(value);
        }

        return new BinaryColumn(buffer.WrittenSpan.ToArray(), copied, valid, count, valid.AsSpan().Count(false));
    }
}

/// <summary>Where a value lies in its column's buffer.</summary>
internal readonly record struct BinaryRange(int Start, int Length);
