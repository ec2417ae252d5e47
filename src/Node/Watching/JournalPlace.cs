using System.Buffers.Text;
using System.Security.Cryptography;
using Latecomer.Runtime;

namespace Latecomer.Node.Watching;

/// <summary>A place in the journals of all shards: of each the last position that was passed. Written as a token, it is known again by any node of the same
/// cluster, and by no other; what was changed on the way is noticed. One reader has it at a time.</summary>
internal sealed class JournalPlace
{
    private const byte Version = 1;
    private const int NameBytes = 8;
    private const int ChecksumBytes = 4;
    private const int HeadBytes = 1 + NameBytes;

    private readonly long[] _positions;

    private JournalPlace(long[] positions) => _positions = positions;

    /// <summary>The last position of a shard that was passed; 0 before the first.</summary>
    public long this[ShardId shard]
    {
        get => shard.Number < _positions.Length ? _positions[shard.Number] : 0;
        set => _positions[shard.Number] = value;
    }

    /// <summary>Behind all that there is.</summary>
    /// <param name="heads">What there is.</param>
    /// <param name="shards">How many shards the program has.</param>
    public static JournalPlace At(IEnumerable<JournalHead> heads, int shards)
    {
        var place = new JournalPlace(new long[shards]);
        foreach (var head in heads.Where(h => h.Shard.Number < shards))
        {
            place[head.Shard] = head.Position;
        }

        return place;
    }

    /// <summary>Reads a token.</summary>
    /// <exception cref="FormatException">It is none, or of another journal.</exception>
    public static JournalPlace Parse(string token, Guid journal, int shards)
    {
        var bytes = new byte[Base64Url.GetMaxDecodedLength(token.Length)];
        var length = Base64Url.IsValid(token) && Base64Url.TryDecodeFromChars(token, bytes, out var written) ? written : 0;
        if (length < HeadBytes + ChecksumBytes || !Checksum(bytes.AsSpan(0, length - ChecksumBytes)).SequenceEqual(bytes.AsSpan(length - ChecksumBytes, ChecksumBytes)))
        {
            throw new FormatException("resume_token is not one that a watch gave: pass the one of the last response as it is, or none to begin now.");
        }

        if (bytes[0] != Version)
        {
            throw new FormatException("resume_token is one of a newer build: ask a node of that build, or pass none to begin now.");
        }

        if (!bytes.AsSpan(1, NameBytes).SequenceEqual(NameOf(journal)))
        {
            throw new FormatException("resume_token is one of another cluster, or of this one before it was restored from a backup: list again, and watch without a token.");
        }

        return Read(bytes.AsSpan(HeadBytes, length - HeadBytes - ChecksumBytes), shards);
    }

    /// <summary>Whether it has passed, in any shard, what <paramref name="other"/> has not.</summary>
    public bool IsAheadOf(JournalPlace other) => _positions.Where((position, shard) => position > other[new ShardId(shard)]).Any();

    /// <summary>As a token of that journal.</summary>
    public string ToToken(Guid journal)
    {
        var bytes = new List<byte>(HeadBytes + (_positions.Length * 3) + ChecksumBytes) { Version };
        bytes.AddRange(NameOf(journal));
        for (var i = 0; i < _positions.Length; i++)
        {
            WriteNumber(bytes, _positions[i]);
            if (_positions[i] == 0)
            {
                // How many more zeros follow: most shards of a small cluster have nothing.
                var zeros = _positions.AsSpan(i + 1).IndexOfAnyExcept(0L) is >= 0 and var next ? next : _positions.Length - i - 1;
                WriteNumber(bytes, zeros);
                i += zeros;
            }
        }

        bytes.AddRange(Checksum([.. bytes]));
        return Base64Url.EncodeToString([.. bytes]);
    }

    private static JournalPlace Read(ReadOnlySpan<byte> bytes, int shards)
    {
        var positions = new long[shards];
        for (var i = 0; bytes.Length > 0; i++)
        {
            var position = ReadNumber(ref bytes);
            var zeros = position == 0 ? ReadNumber(ref bytes) : 0;
            if (i + zeros >= shards)
            {
                throw new FormatException("resume_token is one of a newer build: ask a node of that build, or pass none to begin now.");
            }

            positions[i] = position;
            i += (int)zeros;
        }

        return new JournalPlace(positions);
    }

    private static byte[] NameOf(Guid journal) => SHA256.HashData(journal.ToByteArray())[..NameBytes];

    private static byte[] Checksum(ReadOnlySpan<byte> bytes) => SHA256.HashData(bytes)[..ChecksumBytes];

    private static void WriteNumber(List<byte> bytes, long number)
    {
        for (; number > 0x7F; number >>= 7)
        {
            bytes.Add((byte)(0x80 | (number & 0x7F)));
        }

        bytes.Add((byte)number);
    }

    private static long ReadNumber(ref ReadOnlySpan<byte> bytes)
    {
        var number = 0L;
        for (var shift = 0; shift < 63 && bytes.Length > 0; shift += 7)
        {
            var part = bytes[0];
            bytes = bytes[1..];
            number |= (long)(part & 0x7F) << shift;
            if (part <= 0x7F)
            {
                return number;
            }
        }

        throw new FormatException("resume_token is not one that a watch gave: pass the one of the last response as it is, or none to begin now.");
    }
}
