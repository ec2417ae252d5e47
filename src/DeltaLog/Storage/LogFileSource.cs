using Latecomer.Parquet;

namespace Latecomer.DeltaLog;

/// <summary>A file of a log as a source of ranged reads.</summary>
internal sealed class LogFileSource : IRandomAccessSource
{
    private readonly ILogStore _log;
    private readonly string _file;

    private LogFileSource(ILogStore log, string file, long length)
    {
        _log = log;
        _file = file;
        Length = length;
    }

    public string Name => _file;

    public long Length { get; }

    /// <summary>Opens a file; null when there is none.</summary>
    internal static async ValueTask<LogFileSource?> TryOpen(ILogStore log, string file, CancellationToken cancellation) =>
        await log.TryStat(file, cancellation) is { } status ? new LogFileSource(log, file, status.Size) : null;

    public async ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (await _log.ReadRange(_file, offset, buffer, cancellationToken) is var read && read < buffer.Length)
        {
            throw new EndOfStreamException($"{_file} ended at offset {offset + read} although it had {Length} bytes when it was opened");
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
