using System.Buffers.Binary;
using System.Text;

namespace Latecomer.Tests.Unit.DeltaLog;

/// <summary>Writes deletion vectors, by the words of the protocol and of RoaringFormatSpec, for the reader to read.</summary>
internal static class HandmadeVector
{
    public const uint Magic = 1_681_511_377;

    private const string Alphabet = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

    /// <summary>The bytes of a vector. With runs, containers are made of them where that says the same in fewer bytes.</summary>
    public static byte[] Of(IEnumerable<long> rows, bool withRuns = false)
    {
        var bitmaps = rows.Distinct().Order().GroupBy(row => row >> 32).ToArray();
        return [.. Bytes(Magic), .. Bytes((ulong)bitmaps.Length), .. bitmaps.SelectMany(bitmap => Bytes((uint)bitmap.Key).Concat(Bitmap([.. bitmap.Select(row => (uint)row)], withRuns)))];
    }

    /// <summary>A file of vectors, and the offset of each.</summary>
    public static (byte[] File, int[] Offsets) FileOf(params byte[][] vectors)
    {
        var (bytes, offsets) = (new List<byte> { 1 }, new List<int>());
        foreach (var vector in vectors)
        {
            offsets.Add(bytes.Count);
            bytes.AddRange([.. BigEndian((uint)vector.Length), .. vector, .. BigEndian(Checksum(vector))]);
        }

        return ([.. bytes], [.. offsets]);
    }

    public static string Encode(byte[] bytes)
    {
        var text = new StringBuilder();
        foreach (var four in bytes.Concat(new byte[(4 - (bytes.Length % 4)) % 4]).Chunk(4))
        {
            var value = BinaryPrimitives.ReadUInt32BigEndian(four);
            text.Append([.. Enumerable.Range(0, 5).Select(digit => Alphabet[(int)(value / (uint)Math.Pow(85, 4 - digit) % 85)])]);
        }

        return text.ToString();
    }

    public static byte[] Bytes(ushort value) => [(byte)value, (byte)(value >> 8)];

    public static byte[] Bytes(uint value) => [.. Bytes((ushort)value), .. Bytes((ushort)(value >> 16))];

    public static byte[] Bytes(ulong value) => [.. Bytes((uint)value), .. Bytes((uint)(value >> 32))];

    /// <summary>The CRC-32 of gzip, bit by bit.</summary>
    public static uint Checksum(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var part in bytes)
        {
            crc ^= part;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
            }
        }

        return ~crc;
    }

    private static byte[] BigEndian(uint value) => [.. Bytes(value).Reverse()];

    private static IEnumerable<byte> Bitmap(uint[] rows, bool withRuns)
    {
        var containers = rows.GroupBy(row => (ushort)(row >> 16)).Select(group => (group.Key, Rows: group.Select(row => (ushort)row).ToArray())).ToArray();
        var runs = containers.Select(container => withRuns ? RunsOf(container.Rows) : []).ToArray();
        var isRun = containers.Select((container, i) => withRuns && 2 + (4 * runs[i].Length) < Math.Min(2 * container.Rows.Length, 8192)).ToArray();
        var bodies = containers.Select((container, i) => isRun[i] ? Runs(runs[i]) : container.Rows.Length <= 4096 ? Sparse(container.Rows) : Dense(container.Rows)).ToArray();
        var hasRuns = isRun.Contains(true);
        var head = new List<byte>(hasRuns ? Bytes((uint)(12347 | ((containers.Length - 1) << 16))) : [.. Bytes(12346U), .. Bytes((uint)containers.Length)]);
        if (hasRuns)
        {
            head.AddRange(isRun.Chunk(8).Select(eight => (byte)eight.Select((flag, bit) => flag ? 1 << bit : 0).Sum()));
        }

        head.AddRange(containers.SelectMany(container => Bytes(container.Key).Concat(Bytes((ushort)(container.Rows.Length - 1)))));
        if (!hasRuns || containers.Length >= 4)
        {
            var at = head.Count + (4 * containers.Length);
            foreach (var body in bodies)
            {
                head.AddRange(Bytes((uint)at));
                at += body.Length;
            }
        }

        return head.Concat(bodies.SelectMany(body => body));
    }

    private static byte[] Sparse(ushort[] rows) => [.. rows.SelectMany(Bytes)];

    private static byte[] Dense(ushort[] rows)
    {
        var bits = new byte[8192];
        foreach (var row in rows)
        {
            bits[row / 8] |= (byte)(1 << (row % 8));
        }

        return bits;
    }

    private static byte[] Runs((ushort Start, ushort Length)[] runs) => [.. Bytes((ushort)runs.Length), .. runs.SelectMany(run => Bytes(run.Start).Concat(Bytes(run.Length)))];

    private static (ushort Start, ushort Length)[] RunsOf(ushort[] rows)
    {
        var runs = new List<(ushort Start, ushort Length)>();
        foreach (var row in rows)
        {
            if (runs.Count > 0 && runs[^1].Start + runs[^1].Length + 1 == row)
            {
                runs[^1] = (runs[^1].Start, (ushort)(runs[^1].Length + 1));
            }
            else
            {
                runs.Add((row, 0));
            }
        }

        return [.. runs];
    }
}
