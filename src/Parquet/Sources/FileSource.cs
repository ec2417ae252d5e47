using Microsoft.Win32.SafeHandles;

namespace Latecomer.Parquet;

/// <summary>A local file, open for shared reading. Reads complete synchronously: for data in the page cache a hop to
/// another thread costs more than the read.</summary>
public sealed class FileSource : IRandomAccessSource
{
    private readonly SafeFileHandle handle;

    private FileSource(string path, SafeFileHandle handle)
    {
        Name = path;
        this.handle = handle;
        Length = RandomAccess.GetLength(handle);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public long Length { get; }

    /// <summary>Opens a file; throws what <see cref="File.OpenHandle"/> throws.</summary>
    public static FileSource Open(string path) =>
        new(path, File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete));

    /// <inheritdoc/>
    public ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        while (!buffer.IsEmpty)
        {
            var read = RandomAccess.Read(handle, buffer.Span, offset);
            if (read == 0)
            {
                throw new EndOfStreamException($"{Name} ended at offset {offset} although it had {Length} bytes when it was opened.");
            }

            offset += read;
            buffer = buffer[read..];
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        handle.Dispose();
        return ValueTask.CompletedTask;
    }
}
