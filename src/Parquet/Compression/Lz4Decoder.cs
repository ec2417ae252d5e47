using System.Buffers.Binary;

namespace Latecomer.Parquet.Compression;

/// <summary>Decompresses LZ4 blocks, raw or in Hadoop's framing. Every length and offset is checked before bytes move.</summary>
internal static class Lz4Decoder
{
    private const int MinMatch = 4;

    /// <summary>Two big-endian lengths before each of Hadoop's blocks: decompressed and compressed.</summary>
    private const int FrameBytes = 8;

    /// <summary>Fills <paramref name="output"/> from one raw block.</summary>
    public static void Decompress(ReadOnlySpan<byte> input, Span<byte> output)
    {
        if (!TryDecompress(input, output, out var written) || written != output.Length)
        {
            throw ParquetException.Corrupt($"An LZ4 block of {input.Length} bytes is damaged after {written} of {output.Length} bytes.");
        }
    }

    /// <summary>Fills <paramref name="output"/> from Hadoop's frames, or from one raw block, which other writers made under the same
    /// name.</summary>
    public static void DecompressFramed(ReadOnlySpan<byte> input, Span<byte> output)
    {
        if (!TryFrames(input, output))
        {
            Decompress(input, output);
        }
    }

    private static bool TryFrames(ReadOnlySpan<byte> input, Span<byte> output)
    {
        while (!input.IsEmpty)
        {
            if (input.Length < FrameBytes)
            {
                return false;
            }

            var decompressed = BinaryPrimitives.ReadUInt32BigEndian(input);
            var compressed = BinaryPrimitives.ReadUInt32BigEndian(input[sizeof(uint)..]);
            input = input[FrameBytes..];
            if (decompressed > (uint)output.Length || compressed > (uint)input.Length
                || !TryDecompress(input[..(int)compressed], output[..(int)decompressed], out var written) || written != decompressed)
            {
                return false;
            }

            input = input[(int)compressed..];
            output = output[(int)decompressed..];
        }

        return output.IsEmpty;
    }

    private static bool TryDecompress(ReadOnlySpan<byte> input, Span<byte> output, out int written)
    {
        var position = 0;
        written = 0;
        while (position < input.Length)
        {
            var token = input[position++];
            if (!TryLength(input, ref position, token >> 4, out var literals)
                || literals > input.Length - position || literals > output.Length - written)
            {
                return false;
            }

            input.Slice(position, literals).CopyTo(output[written..]);
            position += literals;
            written += literals;
            if (position == input.Length)
            {
                return true;
            }

            if (input.Length - position < sizeof(ushort))
            {
                return false;
            }

            var offset = BinaryPrimitives.ReadUInt16LittleEndian(input[position..]);
            position += sizeof(ushort);
            if (!TryLength(input, ref position, token & 0x0F, out var match)
                || offset == 0 || offset > written || match > output.Length - written - MinMatch)
            {
                return false;
            }

            BackReference.Copy(output, written, offset, match + MinMatch);
            written += match + MinMatch;
        }

        return false;
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
