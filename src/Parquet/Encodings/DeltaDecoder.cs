namespace Latecomer.Parquet.Encodings;

/// <summary>Decodes differences of integers in blocks of bit-packed miniblocks (Encodings.md, DELTA_BINARY_PACKED), as many at a time as
/// are asked for. Sums wrap around, as the format says.</summary>
internal struct DeltaDecoder
{
    private const int MaxBlockValues = 1 << 24;

    /// <summary>Of 64 bits.</summary>
    private const int MaxNumberBytes = 10;

    private readonly ReadOnlyMemory<byte> data;
    private readonly int miniblocks;
    private readonly int miniblockValues;
    private int position;
    private int left;
    private bool isAtFirst;
    private long last;
    private long minDelta;
    private int widthsAt;
    private int miniblock;
    private int bitWidth;
    private int packedAt;
    private int packedFirst;
    private int packedLeft;

    /// <summary>Decodes from the beginning of <paramref name="data"/>, which may go on behind the values; see <see cref="FindEnd"/>.</summary>
    public DeltaDecoder(ReadOnlyMemory<byte> data)
    {
        this.data = data;
        var blockValues = ReadVarint();
        var count = ReadVarint();
        var total = ReadVarint();
        last = ReadZigZag();
        if (blockValues is 0 or > MaxBlockValues || count == 0 || count > blockValues || blockValues % count != 0 || blockValues / count % 8 != 0 || total > int.MaxValue)
        {
            throw ParquetException.Corrupt($"A delta encoding is said to have {total} values in blocks of {blockValues} values and {count} miniblocks.");
        }

        miniblocks = (int)count;
        miniblockValues = (int)(blockValues / count);
        miniblock = miniblocks;
        left = (int)total;
        isAtFirst = true;
    }

    /// <summary>Values not read yet.</summary>
    public readonly int Left => left;

    /// <summary>Fills <paramref name="values"/> with the next ones.</summary>
    public void Read(Span<long> values)
    {
        if (values.Length > left)
        {
            throw ParquetException.Corrupt($"A delta encoding has {left} values left where {values.Length} are needed.");
        }

        left -= values.Length;
        if (isAtFirst && !values.IsEmpty)
        {
            isAtFirst = false;
            values[0] = last;
            values = values[1..];
        }

        while (!values.IsEmpty)
        {
            if (packedLeft == 0)
            {
                BeginMiniblock();
            }

            var part = values[..Math.Min(values.Length, packedLeft)];
            Unpack(part);
            var sum = last;
            foreach (ref var value in part)
            {
                sum = unchecked(sum + minDelta + value);
                value = sum;
            }

            last = sum;
            values = values[part.Length..];
        }
    }

    /// <summary>Fills <paramref name="values"/> with the low 32 bits of the next ones.</summary>
    public void Read(Span<int> values)
    {
        Span<long> wide = stackalloc long[128];
        while (!values.IsEmpty)
        {
            var part = wide[..Math.Min(values.Length, wide.Length)];
            Read(part);
            for (var index = 0; index < part.Length; index++)
            {
                values[index] = unchecked((int)part[index]);
            }

            values = values[part.Length..];
        }
    }

    /// <summary>Where the bytes behind the last value begin, found by the miniblocks' widths alone.</summary>
    public readonly int FindEnd()
    {
        var ahead = this;
        for (long rest = left - 1; rest > 0; rest -= miniblockValues)
        {
            ahead.packedLeft = 0;
            ahead.BeginMiniblock();
        }

        return ahead.position;
    }

    private static ParquetException CutOff() => ParquetException.Corrupt("A delta encoding is cut off.");

    private void BeginMiniblock()
    {
        if (miniblock == miniblocks)
        {
            minDelta = ReadZigZag();
            widthsAt = position;
            position = miniblocks <= data.Length - position ? position + miniblocks : throw CutOff();
            miniblock = 0;
        }

        bitWidth = data.Span[widthsAt + miniblock++];
        var bytes = BitPacking.BytesFor(miniblockValues, bitWidth);
        if (bitWidth > 64 || bytes > data.Length - position)
        {
            throw CutOff();
        }

        packedAt = position;
        position += (int)bytes;
        packedFirst = 0;
        packedLeft = miniblockValues;
    }

    private void Unpack(Span<long> part)
    {
        BitPacking.Unpack(data.Span[packedAt..position], bitWidth, packedFirst, part);
        packedFirst += part.Length;
        packedLeft -= part.Length;
    }

    private long ReadZigZag()
    {
        var value = ReadVarint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    private ulong ReadVarint() => Varint.Read(data.Span, ref position, MaxNumberBytes);
}
