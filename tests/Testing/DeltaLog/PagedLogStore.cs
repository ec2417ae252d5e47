using System.Buffers;
using System.Runtime.CompilerServices;
using Latecomer.DeltaLog;

namespace Latecomer.Tests.Testing.DeltaLog;

/// <summary>A log as object stores keep them: keys and bytes, no folders, and listings in pages that are requests of their own. What is put or
/// deleted between two pages shows in the second one or not, by its name.</summary>
public sealed class PagedLogStore(int pageSize = 2, TimeProvider? time = null) : ILogStore
{
    private readonly SortedDictionary<string, (byte[] Content, DateTimeOffset At)> _files = new(StringComparer.Ordinal);
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    public string Location => "memory";

    /// <summary>How many pages of names were asked for.</summary>
    public int Pages { get; private set; }

    /// <summary>Runs after each page of names.</summary>
    public Action<int>? AfterPage { get; set; }

    /// <summary>A copy of a table's log in a folder.</summary>
    public static PagedLogStore Of(string table, int pageSize = 2)
    {
        var store = new PagedLogStore(pageSize);
        var log = Path.Combine(table, "_delta_log");
        foreach (var path in Directory.Exists(log) ? Directory.EnumerateFiles(log, "*", SearchOption.AllDirectories) : [])
        {
            store._files[Path.GetRelativePath(log, path).Replace('\\', '/')] = (File.ReadAllBytes(path), new DateTimeOffset(File.GetLastWriteTimeUtc(path)));
        }

        return store;
    }

    /// <summary>All keys, and what is under them.</summary>
    public IReadOnlyList<KeyValuePair<string, byte[]>> Files
    {
        get
        {
            lock (_files)
            {
                return [.. _files.Select(file => KeyValuePair.Create(file.Key, file.Value.Content))];
            }
        }
    }

    /// <summary>Puts a file, whatever was there.</summary>
    public void Replace(string name, byte[] content)
    {
        lock (_files)
        {
            _files[name] = (content, _time.GetUtcNow());
        }
    }

    public void Delete(string name)
    {
        lock (_files)
        {
            _files.Remove(name);
        }
    }

    public async IAsyncEnumerable<string> List(string after, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var page = Page(after);
            await Task.Yield();
            foreach (var name in page)
            {
                yield return name;
            }

            AfterPage?.Invoke(Pages);
            if (page.Length < pageSize)
            {
                yield break;
            }

            after = page[^1];
        }
    }

    public ValueTask<IMemoryOwner<byte>?> TryRead(string name, CancellationToken cancellation = default) =>
        ValueTask.FromResult<IMemoryOwner<byte>?>(Find(name) is { } file ? new OwnedBytes([.. file.Content]) : null);

    public ValueTask<int> ReadRange(string name, long offset, Memory<byte> buffer, CancellationToken cancellation = default)
    {
        var (content, _) = Find(name) ?? throw new FileNotFoundException($"There is no {name}.");
        var rest = content.AsSpan((int)Math.Min(offset, content.Length));
        rest = rest[..Math.Min(rest.Length, buffer.Length)];
        rest.CopyTo(buffer.Span);
        return ValueTask.FromResult(rest.Length);
    }

    public ValueTask<LogFileStatus?> TryStat(string name, CancellationToken cancellation = default) =>
        ValueTask.FromResult<LogFileStatus?>(Find(name) is { } file ? new LogFileStatus(file.Content.Length, file.At) : null);

    public ValueTask<bool> PutIfAbsent(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation = default)
    {
        lock (_files)
        {
            return ValueTask.FromResult(_files.TryAdd(name, (content.ToArray(), _time.GetUtcNow())));
        }
    }

    public async ValueTask<bool> PutIfAbsent(string name, Func<Stream, CancellationToken, ValueTask> write, CancellationToken cancellation = default)
    {
        using var content = new MemoryStream();
        await write(content, cancellation);
        return await PutIfAbsent(name, content.ToArray(), cancellation);
    }

    ValueTask ILogStore.Replace(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        Replace(name, content.ToArray());
        return ValueTask.CompletedTask;
    }

    private string[] Page(string after)
    {
        lock (_files)
        {
            Pages++;
            return _files.Count == 0
                ? throw new DeltaException(DeltaErrorClass.TableNotFound, $"no Delta table at {Location}: there is no key below _delta_log")
                : [.. _files.Keys.Where(name => string.CompareOrdinal(name, after) > 0 && name[0] != '.' && !name.Contains('/', StringComparison.Ordinal)).Take(pageSize)];
        }
    }

    private (byte[] Content, DateTimeOffset At)? Find(string name)
    {
        lock (_files)
        {
            return _files.TryGetValue(name, out var file) ? file : null;
        }
    }

    private sealed class OwnedBytes(byte[] content) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory => content;

        public void Dispose()
        {
        }
    }
}
