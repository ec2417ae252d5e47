using System.Buffers.Binary;

namespace Latecomer.Parquet.Compression;

/// <summary>Decompresses LZ4 blocks, raw or in Hadoop's framing. Every length and offset is checked before bytes move.</summary>
internal static class Lz4Decoder
{
    private const int MinMatch = 4;

    /// <summary>Two big-endian lengths before each of Hadoop's blocks: decompressed and compressed.</summary>
    private const int FrameBytes = 8;

    /// <summary>Of a block that contradicts itself.</summary>
    private const int Damaged = -1;

    /// <summary>Of a block that holds more than there is room for.</summary>
    private const int Full = -2;

    /// <summary>Decompresses one raw block and says how many bytes it has; null if they are more than <paramref name="output"/>
    /// takes.</summary>
    public static int? Decompress(ReadOnlySpan<byte> input, Span<byte> output) => DecompressBlock(input, output) switch
    {
        Full => null,
        Damaged => throw ParquetException.Corrupt($"An LZ4 block of {input.Length} bytes is damaged."),
        var written => written,
    };

    /// <summary>Decompresses Hadoop's frames, or one raw block, which other writers made under the same name, and says how many bytes
    /// there are; null if they are more than <paramref name="output"/> takes.</summary>
    public static int? DecompressFramed(ReadOnlySpan<byte> input, Span<byte> output) => DecompressFrames(input, output) switch
    {
        Full => null,
        Damaged => Decompress(input, output),
        var written => written,
    };

    private static int DecompressFrames(ReadOnlySpan<byte> input, Span<byte> output)
    {
        var total = 0;
        while (!input.IsEmpty)
        {
            if (input.Length < FrameBytes)
            {
                return Damaged;
            }

            var decompressed = BinaryPrimitives.ReadUInt32BigEndian(input);
            var compressed = BinaryPrimitives.ReadUInt32BigEndian(input[sizeof(uint)..]);
            input = input[FrameBytes..];
            if (compressed > (uint)input.Length)
            {
                return Damaged;
            }

            var room = (int)Math.Min(decompressed, (uint)(output.Length - total));
            var written = DecompressBlock(input[..(int)compressed], output.Slice(total, room));
            if (written != decompressed)
            {
                return written == Full && room < decompressed ? Full : Damaged;
            }

            input = input[(int)compressed..];
            total += written;
        }

        return total;
    }

    private static int DecompressBlock(ReadOnlySpan<byte> input, Span<byte> output)
    {
        var (position, written) = (0, 0);
        while (position < input.Length)
        {
            var token = input[position++];
            if (!TryLength(input, ref position, token >> 4, out var literals) || literals > input.Length - position)
            {
                return Damaged;
            }

            if (literals > output.Length - written)
            {
                return Full;
            }

            input.Slice(position, literals).CopyTo(output[written..]);
            position += literals;
            written += literals;
            if (position == input.Length)
            {
                return written;
            }

            if (input.Length - position < sizeof(ushort))
            {
                return Damaged;
            }

            var offset = BinaryPrimitives.ReadUInt16LittleEndian(input[position..]);
            position += sizeof(ushort);
            if (!TryLength(input, ref position, token & 0x0F, out var match) || offset == 0 || offset > written)
            {
                return Damaged;
            }

            if (match > output.Length - written - MinMatch)
            {
                return Full;
            }

            BackReference.Copy(output, written, offset, match + MinMatch);
            written += match + MinMatch;
        }

        return Damaged;
    }

    /// <summary>A length of four bits, which goes on in bytes where all of them are set.</summary>
    private static bool TryLength(ReadOnlySpan<byte> input, ref int position, int bits, out int length)
    {
        length = bits;
        if (bits != 15)
        {
            return true;
        }

        while (position < input.Length && length <= int.MaxValue - byte.MaxValue)
        {
            var more = input[position++];
            length += more;
            if (more != byte.MaxValue)
            {
                return true;
            }
        }

        return false;
    }
}
