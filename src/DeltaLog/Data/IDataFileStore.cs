using Latecomer.Parquet;

namespace Latecomer.DeltaLog;

/// <summary>Where a table's data files lie. Paths are decoded (<see cref="LogPath.Decode"/>), with <c>/</c> between their parts, and relative to the
/// table unless the log says otherwise.</summary>
public interface IDataFileStore
{
    /// <summary>Opens a file for ranged reads.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    ValueTask<IRandomAccessSource> Open(string path, CancellationToken cancellation = default);

    /// <summary>Creates a file that must not exist. When this returns, what <paramref name="write"/> wrote is there durably; when it throws, nothing is.</summary>
    ValueTask Put(string path, Func<Stream, CancellationToken, ValueTask> write, CancellationToken cancellation = default);

    /// <summary>Removes a file that no commit names; nothing happens when it is not there.</summary>
    ValueTask Delete(string path, CancellationToken cancellation = default);
}
