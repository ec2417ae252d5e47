using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Latecomer.Runtime.Postgres;

/// <summary>
/// The file of a backup. Lines are UTF-8 and end in a line feed:
/// <code>
/// latecomer-state 1
/// schema NUMBER            how many of the schema's scripts had run
/// last NUMBER              the last number of the store's sequence
/// table NAME COLUMN,...    then, in blocks, what COPY ... TO STDOUT (FORMAT BINARY) gave; then the next table
/// end                      then the SHA-256 of every byte before it, 32 bytes; nothing follows
/// </code>
/// A block is its length, four bytes, highest first, and so many bytes; one of length 0 ends a table.
/// </summary>
internal sealed class BackupFormat : IDisposable
{
    /// <summary>The first line, up to the version.</summary>
    public const string Magic = "latecomer-state";

    /// <summary>The version of this format.</summary>
    public const int Version = 1;

    private const int MostLine = 4096;
    private const int MostBlock = 1 << 20;

    private readonly Stream _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public BackupFormat(Stream file) => _file = file;

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();

    public async Task WriteLine(string line, CancellationToken cancellation) => await Write(Encoding.UTF8.GetBytes($"{line}\n"), cancellation);

    /// <summary>Writes all of a table's rows.</summary>
    public async Task WriteBlocks(Stream rows, CancellationToken cancellation)
    {
        var block = new byte[MostBlock];
        int length;
        do
        {
            length = await rows.ReadAtLeastAsync(block, block.Length, throwOnEndOfStream: false, cancellation);
            await Write(LengthOf(length), cancellation);
            await Write(block.AsMemory(0, length), cancellation);
        }
        while (length > 0);
    }

    /// <summary>Writes the end.</summary>
    public async Task WriteEnd(CancellationToken cancellation)
    {
        await WriteLine("end", cancellation);
        await _file.WriteAsync(_hash.GetCurrentHash(), cancellation);
    }

    /// <exception cref="InvalidDataException">There is none.</exception>
    public async Task<string> ReadLine(CancellationToken cancellation)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (line.Count < MostLine)
        {
            await Read(one, cancellation);
            if (one[0] == '\n')
            {
                return Encoding.UTF8.GetString([.. line]);
            }

            line.Add(one[0]);
        }

        throw new InvalidDataException("a line is too long");
    }

    /// <summary>Reads all of a table's rows.</summary>
    /// <exception cref="InvalidDataException">They end too early.</exception>
    public async Task ReadBlocks(Stream rows, CancellationToken cancellation)
    {
        var (head, block) = (new byte[4], new byte[MostBlock]);
        while (true)
        {
            await Read(head, cancellation);
            var length = BinaryPrimitives.ReadUInt32BigEndian(head);
            if (length == 0)
            {
                return;
            }

            if (length > MostBlock)
            {
                throw new InvalidDataException("a block is too long");
            }

            await Read(block.AsMemory(0, (int)length), cancellation);
            await rows.WriteAsync(block.AsMemory(0, (int)length), cancellation);
        }
    }

    /// <summary>Reads what follows the line <c>end</c>.</summary>
    /// <exception cref="InvalidDataException">The file was changed.</exception>
    public async Task ReadEnd(CancellationToken cancellation)
    {
        var (wanted, found) = (_hash.GetCurrentHash(), new byte[SHA256.HashSizeInBytes]);
        if (await _file.ReadAtLeastAsync(found, found.Length, throwOnEndOfStream: false, cancellation) != found.Length || !wanted.AsSpan().SequenceEqual(found))
        {
            throw new InvalidDataException("its checksum is wrong");
        }
    }

    private static byte[] LengthOf(int length)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)length);
        return bytes;
    }

    private async Task Write(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        _hash.AppendData(bytes.Span);
        await _file.WriteAsync(bytes, cancellation);
    }

    private async Task Read(Memory<byte> bytes, CancellationToken cancellation)
    {
        if (await _file.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation) != bytes.Length)
        {
            throw new InvalidDataException("it ends too early");
        }

        _hash.AppendData(bytes.Span);
    }
}
