using System.Buffers.Binary;
using System.Numerics;

namespace Latecomer.Parquet.Encodings;

/// <summary>Decodes the definition or repetition levels of a page.</summary>
internal struct LevelDecoder
{
    private readonly ReadOnlyMemory<byte> packed;
    private readonly int bitWidth;
    private readonly int maxLevel;
    private readonly bool isPacked;
    private RleDecoder runs;
    private int position;

    private LevelDecoder(ReadOnlyMemory<byte> data, int maxLevel, bool isPacked)
    {
        bitWidth = BitWidth(maxLevel);
        this.maxLevel = maxLevel;
        this.isPacked = isPacked;
        packed = isPacked ? data : default;
        runs = isPacked ? default : new RleDecoder(data, bitWidth, maxLevel);
    }

    /// <summary>Levels in runs and groups, all of <paramref name="data"/>.</summary>
    public static LevelDecoder Runs(ReadOnlyMemory<byte> data, int maxLevel) => new(data, maxLevel, isPacked: false);

    /// <summary>The levels at the beginning of a page of version 1; <paramref name="body"/> goes on behind them.</summary>
    public static LevelDecoder Take(ref ReadOnlyMemory<byte> body, PageEncoding encoding, int maxLevel, int count)
    {
        switch (encoding)
        {
            case PageEncoding.Rle:
                if (body.Length < sizeof(int) || BinaryPrimitives.ReadUInt32LittleEndian(body.Span) > (uint)(body.Length - sizeof(int)))
                {
                    throw ParquetException.Corrupt("The levels run over the end of their page.");
                }

                var length = BinaryPrimitives.ReadInt32LittleEndian(body.Span);
                var encoded = body.Slice(sizeof(int), length);
                body = body[(sizeof(int) + length)..];
                return new LevelDecoder(encoded, maxLevel, isPacked: false);
            case PageEncoding.BitPacked:
                var bytes = BitPacking.BytesFor(count, BitWidth(maxLevel));
                if (bytes > body.Length)
                {
                    throw ParquetException.Corrupt("The levels run over the end of their page.");
                }

                var levels = body[..(int)bytes];
                body = body[(int)bytes..];
                return new LevelDecoder(levels, maxLevel, isPacked: true);
            default:
                throw ParquetException.Unsupported($"Levels in encoding {encoding} are not read.");
        }
    }

    /// <summary>Fills <paramref name="levels"/> with the next ones.</summary>
    public void Read(Span<byte> levels)
    {
        if (!isPacked)
        {
            runs.Read(levels);
            return;
        }

        BitPacking.UnpackFromMostSignificant(packed.Span, bitWidth, position, levels);
        position += levels.Length;
        foreach (var level in levels)
        {
            if (level > maxLevel)
            {
                throw ParquetException.Corrupt($"The page has a level of {level} where {maxLevel} is the greatest there is.");
            }
        }
    }

    private static int BitWidth(int maxLevel) => BitOperations.Log2((uint)maxLevel) + 1;
}
