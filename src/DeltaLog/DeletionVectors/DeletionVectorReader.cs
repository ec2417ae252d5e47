using System.Buffers.Binary;
using Latecomer.Parquet;
using Latecomer.Parquet.Compression;

namespace Latecomer.DeltaLog;

/// <summary>Fetches deletion vectors from where their descriptors say, and checks them (PROTOCOL.md, "Deletion Vectors").</summary>
internal sealed class DeletionVectorReader(IDataFileStore files)
{
    private const byte FileVersion = 1;

    /// <summary>Where the first vector of a file lies: after the file's version.</summary>
    private const int FirstOffset = 1;

    private const int SizeBytes = sizeof(int);
    private const int ChecksumBytes = sizeof(uint);

    /// <exception cref="DeltaException">The vector is gone or is not what its descriptor says (<see cref="DeltaErrorClass.CorruptDeletionVector"/>).</exception>
    internal async ValueTask<DeletedRows> Read(string location, AddFile file, DeletionVector vector, CancellationToken cancellation)
    {
        try
        {
            var content = vector.StorageType switch
            {
                DeletionVector.Inline => Decoded(vector),
                DeletionVector.Relative => await Stored(vector, vector.RelativePath ?? throw new InvalidDataException("its name is not encoded as a UUID should be"), cancellation),
                DeletionVector.Absolute => await Stored(vector, LogPath.Decode(vector.PathOrInlineDv), cancellation),
                _ => throw new InvalidDataException($"it is of storage type '{vector.StorageType}', which the protocol does not have"),
            };
            var rows = RoaringBitmapArray.Read(content.Span);
            return rows.Count == vector.Cardinality
                ? rows
                : throw new InvalidDataException($"it deletes {rows.Count} rows, and its descriptor says {vector.Cardinality}");
        }
        catch (InvalidDataException error)
        {
            throw new DeltaException(
                DeltaErrorClass.CorruptDeletionVector,
                $"{location}: the deletion vector {vector.UniqueId} of data file {file.Path} cannot be used: {error.Message}",
                error);
        }
    }

    private static ReadOnlyMemory<byte> Decoded(DeletionVector vector)
    {
        // The encoding makes fours of bytes, and the last of them may be padding.
        var content = Z85.TryDecode(vector.PathOrInlineDv) ?? throw new InvalidDataException("it is not encoded in Z85");
        return vector.SizeInBytes >= 0 && vector.SizeInBytes <= content.Length && content.Length - vector.SizeInBytes < 4
            ? content.AsMemory(0, vector.SizeInBytes)
            : throw new InvalidDataException($"it has {content.Length} bytes, and its descriptor says {vector.SizeInBytes}");
    }

    private async ValueTask<ReadOnlyMemory<byte>> Stored(DeletionVector vector, string path, CancellationToken cancellation)
    {
        await using var source = await Open(path, cancellation);
        long offset = vector.Offset ?? FirstOffset;
        if (offset < FirstOffset || vector.SizeInBytes < 0 || offset + SizeBytes + vector.SizeInBytes + ChecksumBytes > source.Length)
        {
            throw new InvalidDataException($"{path} has {source.Length} bytes, and the descriptor places {vector.SizeInBytes} at offset {offset}");
        }

        var version = new byte[1];
        await source.ReadAsync(0, version, cancellation);
        if (version[0] != FileVersion)
        {
            throw new InvalidDataException($"{path} is of version {version[0]}, and the protocol has version {FileVersion} only");
        }

        var stored = new byte[SizeBytes + vector.SizeInBytes + ChecksumBytes];
        await source.ReadAsync(offset, stored, cancellation);
        var content = stored.AsMemory(SizeBytes, vector.SizeInBytes);
        if (BinaryPrimitives.ReadInt32BigEndian(stored) is var size && size != vector.SizeInBytes)
        {
            throw new InvalidDataException($"{path} says at offset {offset} that {size} bytes follow, and the descriptor says {vector.SizeInBytes}");
        }

        return Crc32.Compute(content.Span) == BinaryPrimitives.ReadUInt32BigEndian(stored.AsSpan(SizeBytes + vector.SizeInBytes))
            ? content
            : throw new InvalidDataException($"its checksum in {path} at offset {offset} is wrong");
    }

    private async ValueTask<IRandomAccessSource> Open(string path, CancellationToken cancellation)
    {
        try
        {
            return await files.Open(path, cancellation);
        }
        catch (FileNotFoundException error)
        {
            throw new InvalidDataException($"{path} is gone", error);
        }
    }
}
