using System.Runtime.InteropServices;

namespace Latecomer.Parquet.Encodings;

/// <summary>Decodes the hybrid of runs and bit-packed groups (Encodings.md, RLE), as many values at a time as are asked for.</summary>
internal struct RleDecoder
{
    /// <summary>Of the 32 bits that say how long a run is.</summary>
    private const int MaxHeaderBytes = 5;

    private readonly ReadOnlyMemory<byte> data;
    private readonly int bitWidth;
    private readonly int maxValue;
    private int position;
    private int runLeft;
    private int runValue;
    private int packedLeft;
    private int packedFirst;
    private ReadOnlyMemory<byte> packed;

    /// <summary>Decodes <paramref name="data"/>; a value over <paramref name="maxValue"/> is refused.</summary>
    public RleDecoder(ReadOnlyMemory<byte> data, int bitWidth, int maxValue)
    {
        if (bitWidth is < 0 or > 32)
        {
            throw ParquetException.Corrupt($"Values are said to be packed in {bitWidth} bits.");
        }

        this.data = data;
        this.bitWidth = bitWidth;
        this.maxValue = maxValue;
    }

    /// <summary>Fills <paramref name="values"/> with the next ones.</summary>
    public void Read(Span<int> values)
    {
        while (!values.IsEmpty)
        {
            var count = NextRun(values.Length);
            var part = values[..count];
            if (runLeft > 0)
            {
                part.Fill(runValue);
                runLeft -= count;
            }
            else
            {
                BitPacking.Unpack(packed.Span, bitWidth, packedFirst, part);
                CheckPacked(part);
                packedFirst += count;
                packedLeft -= count;
            }

            values = values[count..];
        }
    }

    /// <summary>Fills <paramref name="levels"/> with the next values, of at most eight bits.</summary>
    public void Read(Span<byte> levels)
    {
        while (!levels.IsEmpty)
        {
            var count = NextRun(levels.Length);
            var part = levels[..count];
            if (runLeft > 0)
            {
                part.Fill((byte)runValue);
                runLeft -= count;
            }
            else
            {
                if (bitWidth == 1)
                {
                    BitPacking.UnpackBits(packed.Span, packedFirst, part);
                }
                else
                {
                    BitPacking.Unpack(packed.Span, bitWidth, packedFirst, part);
                    CheckPacked(part);
                }

                packedFirst += count;
                packedLeft -= count;
            }

            levels = levels[count..];
        }
    }

    /// <summary>Fills <paramref name="bits"/> with the next values of one bit each, and says how many are true.</summary>
    public int ReadBits(Span<bool> bits)
    {
        var bytes = MemoryMarshal.AsBytes(bits);
        Read(bytes);
        return bytes.Count((byte)1);
    }

    private static ParquetException CutOff() => ParquetException.Corrupt("The page has fewer encoded levels or indices than its header says.");

    private readonly void CheckPacked(ReadOnlySpan<int> values)
    {
        foreach (var value in values)
        {
            if ((uint)value > (uint)maxValue)
            {
                throw TooGreat(value);
            }
        }
    }

    private readonly void CheckPacked(ReadOnlySpan<byte> values)
    {
        var excess = values.IndexOfAnyExceptInRange((byte)0, (byte)maxValue);
        if (excess >= 0)
        {
            throw TooGreat(values[excess]);
        }
    }

    private readonly ParquetException TooGreat(int value) =>
        ParquetException.Corrupt($"The page has a level or index of {(uint)value} where {maxValue} is the greatest there is.");

    /// <summary>Makes sure that a run is under way, and says how many of the wanted values it gives.</summary>
    private int NextRun(int wanted)
    {
        while (runLeft == 0 && packedLeft == 0)
        {
            BeginRun();
        }

        return Math.Min(wanted, runLeft > 0 ? runLeft : packedLeft);
    }

    private void BeginRun()
    {
        var header = (uint)Varint.Read(data.Span, ref position, MaxHeaderBytes);
        var span = data.Span;
        if ((header & 1) == 0)
        {
            var width = (bitWidth + 7) / 8;
            if (span.Length - position < width)
            {
                throw CutOff();
            }

            uint value = 0;
            for (var index = 0; index < width; index++)
            {
                value |= (uint)span[position++] << (8 * index);
            }

            runLeft = (int)(header >> 1);
            runValue = value <= (uint)maxValue ? (int)value : throw TooGreat((int)value);
            return;
        }

        // Writers may cut the padding of the last group, so what counts is the number of values in the bytes that are there.
        var announced = (long)(header >> 1) * 8;
        var available = Math.Min(BitPacking.BytesFor(announced, bitWidth), span.Length - position);
        packed = data.Slice(position, (int)available);
        position += (int)available;
        var held = bitWidth == 0 ? announced : Math.Min(announced, available * 8 / bitWidth);
        packedLeft = (int)Math.Min(held, int.MaxValue);
        packedFirst = 0;
        if (packedLeft == 0 && announced > 0)
        {
            throw CutOff();
        }
    }
}
