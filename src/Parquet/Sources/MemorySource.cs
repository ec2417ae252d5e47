namespace Latecomer.Parquet;

/// <summary>A file that is in memory already.</summary>
public sealed class MemorySource(string name, ReadOnlyMemory<byte> content) : IRandomAccessSource
{
    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public long Length => content.Length;

    /// <inheritdoc/>
    public ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (offset < 0 || offset > content.Length - buffer.Length)
        {
            throw new EndOfStreamException($"{Name} has {content.Length} bytes; {buffer.Length} at offset {offset} were asked for.");
        }

        content.Span.Slice((int)offset, buffer.Length).CopyTo(buffer.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
