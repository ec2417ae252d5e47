using System.Buffers;
using System.Runtime.CompilerServices;
using Latecomer.DeltaLog;
using Latecomer.Parquet;

namespace Latecomer.Tests.Fuzz;

/// <summary>A log in memory that never waits: what reads it stays on its thread. Files are as old as their place in the order of names says.</summary>
internal sealed class MemoryLog : ILogStore, IDataFileStore
{
    private const string DataPrefix = "../";
    private const int MostDataBytes = 6_000;

    private static readonly DateTimeOffset Oldest = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly SortedList<string, byte[]> files;

    public MemoryLog(IEnumerable<KeyValuePair<string, byte[]>> files)
    {
        this.files = new SortedList<string, byte[]>(StringComparer.Ordinal);
        foreach (var (name, content) in files)
        {
            this.files[name] = content;
        }
    }

    public string Location => "memory";

    public IEnumerable<KeyValuePair<string, byte[]>> Files => files;

    public int Count => files.Count;

    public long Bytes => files.Values.Sum(content => (long)content.Length);

    /// <summary>A copy of a table's log in a folder, and of its small data files and deletion vectors: those are named from the log on, by <c>../</c>.</summary>
    public static MemoryLog Of(string table)
    {
        var log = Path.Combine(table, "_delta_log");
        return new MemoryLog((Directory.Exists(log) ? Directory.EnumerateFiles(table, "*", SearchOption.AllDirectories) : [])
            .Select(path => (Name: Path.GetRelativePath(log, path).Replace('\\', '/'), Path: path))
            .Where(file => !IsData(file.Name) || new FileInfo(file.Path).Length <= MostDataBytes)
            .Select(file => KeyValuePair.Create(file.Name, File.ReadAllBytes(file.Path))));
    }

    /// <summary>Whether a file lies beside the log.</summary>
    public static bool IsData(string name) => name.StartsWith(DataPrefix, StringComparison.Ordinal);

    /// <summary>A copy that shares what the files hold.</summary>
    public MemoryLog Copy() => new(files);

    public string NameAt(int index) => files.GetKeyAtIndex(index);

    public byte[]? ContentOf(string name) => files.GetValueOrDefault(name);

    public void Put(string name, byte[] content) => files[name] = content;

    public void Delete(string name) => files.Remove(name);

    public async IAsyncEnumerable<string> List(string after, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await ValueTask.CompletedTask;
        if (files.Count == 0)
        {
            throw new DeltaException(DeltaErrorClass.TableNotFound, $"no Delta table at {Location}: there is no key below _delta_log");
        }

        foreach (var name in files.Keys.ToArray())
        {
            if (string.CompareOrdinal(name, after) > 0 && !name.StartsWith('.') && !name.Contains('/', StringComparison.Ordinal))
            {
                yield return name;
            }
        }
    }

    public ValueTask<IMemoryOwner<byte>?> TryRead(string name, CancellationToken cancellation = default)
    {
        lock (files)
        {
            return ValueTask.FromResult<IMemoryOwner<byte>?>(files.TryGetValue(name, out var content) ? new Lent(content) : null);
        }
    }

    public ValueTask<int> ReadRange(string name, long offset, Memory<byte> buffer, CancellationToken cancellation = default)
    {
        var content = ContentOf(name) ?? throw new FileNotFoundException($"There is no {name}.");
        var rest = content.AsSpan((int)Math.Min(offset, content.Length));
        rest = rest[..Math.Min(rest.Length, buffer.Length)];
        rest.CopyTo(buffer.Span);
        return ValueTask.FromResult(rest.Length);
    }

    public ValueTask<LogFileStatus?> TryStat(string name, CancellationToken cancellation = default) => ValueTask.FromResult<LogFileStatus?>(
        files.IndexOfKey(name) is >= 0 and var index ? new LogFileStatus(files.GetValueAtIndex(index).Length, Oldest.AddMinutes(index)) : null);

    public ValueTask<bool> PutIfAbsent(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation = default) =>
        ValueTask.FromResult(files.TryAdd(name, content.ToArray()));

    public async ValueTask<bool> PutIfAbsent(string name, Func<Stream, CancellationToken, ValueTask> write, CancellationToken cancellation = default)
    {
        using var content = new MemoryStream();
        await write(content, cancellation);
        return files.TryAdd(name, content.ToArray());
    }

    public ValueTask Replace(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation = default)
    {
        files[name] = content.ToArray();
        return ValueTask.CompletedTask;
    }

    public ValueTask<IRandomAccessSource> Open(string path, CancellationToken cancellation = default) => ContentOf(DataPrefix + path) is { } content
        ? ValueTask.FromResult<IRandomAccessSource>(new MemorySource(path, content))
        : throw new FileNotFoundException($"There is no {path}.");

    public ValueTask Put(string path, Func<Stream, CancellationToken, ValueTask> write, CancellationToken cancellation = default) => throw new NotSupportedException();

    ValueTask IDataFileStore.Delete(string path, CancellationToken cancellation) => throw new NotSupportedException();

    private sealed class Lent(byte[] content) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory => content;

        public void Dispose()
        {
        }
    }
}
