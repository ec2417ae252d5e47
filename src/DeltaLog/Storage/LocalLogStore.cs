using System.Buffers;
using System.IO.Enumeration;
using System.Runtime.CompilerServices;

namespace Latecomer.DeltaLog;

/// <summary>A log in a local folder. A file is put by writing a temporary file in the same folder, syncing it, linking it under its name
/// (link(2) fails if the name exists, in one step and across processes, which a rename does not) and syncing the folder. A listing reads the whole
/// folder at once, for file systems give no order.</summary>
public sealed class LocalLogStore : ILogStore
{
    private const string TemporaryPrefix = ".latecomer-";
    private const string TemporarySuffix = ".tmp";
    private const long LongestFile = 1L << 30;
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromHours(1);

    private readonly string _folder;
    private readonly TimeProvider _time;
    private int _swept;

    /// <summary>Opens the log of the table in a folder, which need not exist yet.</summary>
    public LocalLogStore(string table, TimeProvider? time = null)
    {
        Location = table;
        _folder = Path.Combine(Path.GetFullPath(table), "_delta_log");
        _time = time ?? TimeProvider.System;
    }

    /// <inheritdoc/>
    public string Location { get; }

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> List(string after, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        foreach (var name in SortedNames(after, cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            yield return name;
        }

        await ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask<IMemoryOwner<byte>?> TryRead(string name, CancellationToken cancellation = default)
    {
        if (!name.Contains('\0', StringComparison.Ordinal) && SmallFiles.TryRead(PathOf(name)) is { } small)
        {
            return small;
        }

        try
        {
            using var file = File.OpenHandle(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var length = RandomAccess.GetLength(file);
            if (length > LongestFile)
            {
                throw new IOException($"{Location}: log file {name} has {length} bytes; files over {LongestFile} bytes are not read");
            }

            var content = new RentedBytes((int)length);
            var read = Fill(file, 0, content.Memory.Span);
            if (read < length)
            {
                content.Dispose();
                throw new IOException($"{Location}: log file {name} became shorter while it was read");
            }

            return content;
        }
        catch (Exception error) when (NamesNoFile(error, name))
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public ValueTask<int> ReadRange(string name, long offset, Memory<byte> buffer, CancellationToken cancellation = default)
    {
        try
        {
            using var file = File.OpenHandle(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return ValueTask.FromResult(Fill(file, offset, buffer.Span));
        }
        catch (Exception error) when (NamesNoFile(error, name))
        {
            throw new FileNotFoundException(error.Message, name, error);
        }
    }

    /// <inheritdoc/>
    public ValueTask<LogFileStatus?> TryStat(string name, CancellationToken cancellation = default)
    {
        try
        {
            var file = new FileInfo(PathOf(name));
            return ValueTask.FromResult<LogFileStatus?>(file.Exists ? new(file.Length, new DateTimeOffset(file.LastWriteTimeUtc)) : null);
        }
        catch (Exception error) when (NamesNoFile(error, name))
        {
            return ValueTask.FromResult<LogFileStatus?>(null);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> PutIfAbsent(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation = default)
    {
        var (temporary, target) = Prepare(name);
        if (File.Exists(target))
        {
            return ValueTask.FromResult(false);
        }

        try
        {
            DurableFiles.TryCreate(temporary, content.Span);
            if (!DurableFiles.LinkIfAbsent(temporary, target))
            {
                return ValueTask.FromResult(false);
            }
        }
        finally
        {
            File.Delete(temporary);
        }

        DurableFiles.SyncFolder(_folder);
        return ValueTask.FromResult(true);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> PutIfAbsent(string name, Func<Stream, CancellationToken, ValueTask> write, CancellationToken cancellation = default)
    {
        var (temporary, target) = Prepare(name);
        if (File.Exists(target))
        {
            return false;
        }

        try
        {
            await using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.Read))
            {
                await write(file, cancellation);
                file.Flush(flushToDisk: true);
            }

            if (!DurableFiles.LinkIfAbsent(temporary, target))
            {
                return false;
            }
        }
        finally
        {
            File.Delete(temporary);
        }

        DurableFiles.SyncFolder(_folder);
        return true;
    }

    /// <inheritdoc/>
    public ValueTask Replace(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation = default)
    {
        var (temporary, target) = Prepare(name);
        try
        {
            DurableFiles.TryCreate(temporary, content.Span);
            File.Move(temporary, target, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }

        DurableFiles.SyncFolder(_folder);
        return ValueTask.CompletedTask;
    }

    private static int Fill(Microsoft.Win32.SafeHandles.SafeFileHandle file, long offset, Span<byte> buffer)
    {
        var total = 0;
        while (total < buffer.Length)
        {
            var read = RandomAccess.Read(file, buffer[total..], offset + total);
            if (read == 0)
            {
                break;
            }

            total += read;
        }

        return total;
    }

    private List<string> SortedNames(string after, CancellationToken cancellation)
    {
        var names = new List<string>();
        try
        {
            foreach (var name in NamesIn(_folder))
            {
                cancellation.ThrowIfCancellationRequested();
                if (name[0] != '.' && string.CompareOrdinal(name, after) > 0)
                {
                    names.Add(name);
                }
            }
        }
        catch (DirectoryNotFoundException)
        {
            throw new DeltaException(DeltaErrorClass.TableNotFound, $"no Delta table at {Location}: it has no _delta_log folder");
        }

        names.Sort(StringComparer.Ordinal);
        return names;
    }

    /// <summary>The names of the files in a folder, and no path of each.</summary>
    private static FileSystemEnumerable<string> NamesIn(string folder) => new(folder, static (ref entry) => entry.FileName.ToString())
    {
        ShouldIncludePredicate = static (ref entry) => !entry.IsDirectory,
    };

    /// <summary>Removes the temporary files of writers that died, once per store, so that putting stays independent of the log's length.</summary>
    private void SweepOnce()
    {
        if (Interlocked.Exchange(ref _swept, 1) != 0)
        {
            return;
        }

        var limit = _time.GetUtcNow() - AbandonedAfter;
        foreach (var path in Directory.EnumerateFiles(_folder, $"{TemporaryPrefix}*{TemporarySuffix}"))
        {
            if (File.GetLastWriteTimeUtc(path) < limit.UtcDateTime)
            {
                File.Delete(path);
            }
        }
    }

    private (string Temporary, string Target) Prepare(string name)
    {
        DurableFiles.CreateFolder(_folder);
        SweepOnce();
        return (Path.Combine(_folder, $"{TemporaryPrefix}{Guid.NewGuid():N}{TemporarySuffix}"), PathOf(name));
    }

    /// <summary>A folder of a file's name is no file, as a listing has it; and a checkpoint may name what cannot be a name at all.</summary>
    private bool NamesNoFile(Exception error, string name) =>
        error is FileNotFoundException or DirectoryNotFoundException or PathTooLongException or ArgumentException || (error is UnauthorizedAccessException && Directory.Exists(PathOf(name)));

    private string PathOf(string name) => Path.Combine(_folder, name);
}
