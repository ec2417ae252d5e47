using System.Buffers;

namespace Latecomer.DeltaLog;

/// <summary>Where a table's <c>_delta_log</c> lies. Nothing here assumes a file system: names are keys below <c>_delta_log</c>, with
/// <c>/</c> between their parts, there are no folders, nothing is renamed, and every operation exists on object stores: listing from behind a
/// key, ranged reads, a put that fails where the key exists. A file that was put is whole for every reader from then on, and never changes under
/// its name but for <c>_last_checkpoint</c>; it may go away. Safe for concurrent use. Every store passes <c>LogStoreCompliance</c>.</summary>
public interface ILogStore
{
    /// <summary>The table's location, for messages.</summary>
    string Location { get; }

    /// <summary>Lists the names directly in the log that come after <paramref name="after"/> in ordinal order (<c>""</c>: all), in that
    /// order. Fetched page by page as it is enumerated, how large the pages are being the store's matter; resumed by calling again with the last
    /// name seen. What was there before the call and still is, is listed. A file that is put while this runs may be missed even if one that was put
    /// later is listed, so what depends on there being no gap asks for the file by name. Names that begin with <c>.</c> are left out.</summary>
    /// <exception cref="DeltaException">There is no log (<see cref="DeltaErrorClass.TableNotFound"/>).</exception>
    IAsyncEnumerable<string> List(string after, CancellationToken cancellation = default);

    /// <summary>Reads a whole file into a buffer that the caller disposes, of exactly the file's length; null when there is no such file.</summary>
    ValueTask<IMemoryOwner<byte>?> TryRead(string name, CancellationToken cancellation = default);

    /// <summary>Reads from <paramref name="offset"/> (in bytes) until the buffer is full or the file ends; returns how many bytes were read.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    ValueTask<int> ReadRange(string name, long offset, Memory<byte> buffer, CancellationToken cancellation = default);

    /// <summary>The size of a file and when it was put; null when there is no such file. Costs one request, whatever the length of the log.</summary>
    ValueTask<LogFileStatus?> TryStat(string name, CancellationToken cancellation = default);

    /// <summary>Creates a file with this content, durably, unless one of that name exists: then nothing changes and the answer is false.
    /// Of callers that put the same name at once, in whatever process, exactly one gets true. No reader ever sees a part of a file.</summary>
    /// <exception cref="IOException">Whether the file exists is not known.</exception>
    ValueTask<bool> PutIfAbsent(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation = default);

    /// <summary>The same, with the content that <paramref name="write"/> writes, forwards only. When it throws, nothing was created.</summary>
    /// <exception cref="IOException">Whether the file exists is not known.</exception>
    ValueTask<bool> PutIfAbsent(string name, Func<Stream, CancellationToken, ValueTask> write, CancellationToken cancellation = default);

    /// <summary>Gives a file this content, durably, whether there was one of that name or not. Readers see the old content or the new.</summary>
    ValueTask Replace(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation = default);
}
