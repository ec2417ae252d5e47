namespace Latecomer.Parquet;

/// <summary>Bytes that can be read in any order: a local file, a buffer, or an object behind ranged requests.
/// Safe to read from several threads at once.</summary>
public interface IRandomAccessSource : IAsyncDisposable
{
    /// <summary>What errors call it: a path or address that people recognise.</summary>
    string Name { get; }

    /// <summary>Number of bytes, fixed while the source is open.</summary>
    long Length { get; }

    /// <summary>Fills <paramref name="buffer"/> with the bytes from <paramref name="offset"/> on; throws
    /// <see cref="IOException"/> if it cannot be filled whole.</summary>
    ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken);
}
