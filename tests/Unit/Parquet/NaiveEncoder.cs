using System.Buffers.Binary;
using Latecomer.Parquet;

namespace Latecomer.Tests.Unit.Parquet;

/// <summary>The encodings as Encodings.md tells them, value by value and bit by bit. Values come as their bytes, little-endian.</summary>
internal static class NaiveEncoder
{
    /// <summary>The values of a data page; those of a dictionary become its indices.</summary>
    public static byte[] Encode(PageEncoding encoding, PhysicalType type, IReadOnlyList<byte[]> values, IReadOnlyList<byte[]> dictionary, Random random) => encoding switch
    {
        PageEncoding.Plain => Plain(type, values),
        PageEncoding.Rle => WithLength(Hybrid([.. values.Select(value => (ulong)value[0])], width: 1, random)),
        PageEncoding.RleDictionary or PageEncoding.PlainDictionary => Indices(values, dictionary, random),
        PageEncoding.DeltaBinaryPacked => Deltas([.. values.Select(Number)], random),
        PageEncoding.DeltaLengthByteArray => [.. Deltas([.. values.Select(value => (long)value.Length)], random), .. values.SelectMany(value => value)],
        PageEncoding.DeltaByteArray => Prefixes(values, random),
        PageEncoding.ByteStreamSplit => [.. Enumerable.Range(0, values.Count == 0 ? 0 : values[0].Length).SelectMany(place => values.Select(value => value[place]))],
        _ => throw new ArgumentOutOfRangeException(nameof(encoding)),
    };

    public static byte[] Plain(PhysicalType type, IReadOnlyList<byte[]> values) => type switch
    {
        PhysicalType.Boolean => EncodedDeltas.Bits([.. values.Select(value => (ulong)value[0])], width: 1),
        PhysicalType.ByteArray => [.. values.SelectMany(WithLength)],
        _ => [.. values.SelectMany(value => value)],
    };

    /// <summary>Runs and bit-packed groups, cut anywhere that the format allows.</summary>
    public static byte[] Hybrid(IReadOnlyList<ulong> values, int width, Random random)
    {
        var encoded = new List<byte>();
        for (var at = 0; at < values.Count;)
        {
            var run = values.Skip(at).TakeWhile(value => value == values[at]).Count();
            if (run > 8 || random.Next(3) == 0)
            {
                run = random.Next(1, run + 1);
                encoded.AddRange(EncodedDeltas.Varint((ulong)run << 1));
                encoded.AddRange(BitConverter.GetBytes(values[at]).Take((width + 7) / 8));
                at += run;
                continue;
            }

            // Only the last group may have fewer than eight values, and is padded.
            var groups = random.Next(1, 5);
            ulong[] packed = [.. values.Skip(at).Take(8 * groups)];
            groups = (packed.Length + 7) / 8;
            encoded.AddRange(EncodedDeltas.Varint(((ulong)groups << 1) | 1));
            encoded.AddRange(EncodedDeltas.Bits([.. packed, .. new ulong[(8 * groups) - packed.Length]], width));
            at += packed.Length;
        }

        return [.. encoded];
    }

    public static byte[] WithLength(byte[] bytes)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        return [.. length, .. bytes];
    }

    private static byte[] Indices(IReadOnlyList<byte[]> values, IReadOnlyList<byte[]> dictionary, Random random)
    {
        ulong[] indices = [.. values.Select(value => (ulong)dictionary.TakeWhile(entry => !entry.SequenceEqual(value)).Count())];
        var width = 64 - System.Numerics.BitOperations.LeadingZeroCount((ulong)Math.Max(dictionary.Count - 1, 0));
        return [(byte)width, .. Hybrid(indices, width, random)];
    }

    private static byte[] Deltas(IReadOnlyList<long> values, Random random)
    {
        var (block, miniblocks) = random.Next(4) switch { 0 => (128, 1), 1 => (256, 8), 2 => (1_024, 4), _ => (128, 4) };
        return EncodedDeltas.Of(values, block, miniblocks);
    }

    private static byte[] Prefixes(IReadOnlyList<byte[]> values, Random random)
    {
        var shared = values.Select((value, at) => at == 0 ? 0 : value.Zip(values[at - 1]).TakeWhile(pair => pair.First == pair.Second).Count()).ToList();

        // A writer need not share all that it could.
        shared = [.. shared.Select(length => random.Next(5) == 0 ? random.Next(length + 1) : length)];
        byte[][] rest = [.. values.Select((value, at) => value[shared[at]..])];
        return [.. Deltas([.. shared.Select(length => (long)length)], random), .. Deltas([.. rest.Select(value => (long)value.Length)], random), .. rest.SelectMany(value => value)];
    }

    private static long Number(byte[] value) => value.Length == 4 ? BitConverter.ToInt32(value) : BitConverter.ToInt64(value);
}
