using System.Buffers;
using System.Collections.Concurrent;
using Latecomer.DeltaLog;

namespace Latecomer.Tests.Unit.DeltaLog;

/// <summary>A store under which something happens just before a file is read.</summary>
internal sealed class ChangingStore(ILogStore inner, string whenRead, Action change) : ILogStore
{
    private bool _changed;

    public int Listings { get; private set; }

    /// <summary>The files that were read, in order.</summary>
    public List<string> Reads { get; } = [];

    /// <summary>The files whose size was asked for, as before each Parquet file.</summary>
    public ConcurrentQueue<string> Stats { get; } = [];

    public string Location => inner.Location;

    public IAsyncEnumerable<string> List(string after, CancellationToken cancellation = default)
    {
        Listings++;
        return inner.List(after, cancellation);
    }

    public ValueTask<IMemoryOwner<byte>?> TryRead(string name, CancellationToken cancellation = default)
    {
        if (name == whenRead && !_changed)
        {
            _changed = true;
            change();
        }

        Reads.Add(name);
        return inner.TryRead(name, cancellation);
    }

    public ValueTask<int> ReadRange(string name, long offset, Memory<byte> buffer, CancellationToken cancellation = default) =>
        inner.ReadRange(name, offset, buffer, cancellation);

    public ValueTask<LogFileStatus?> TryStat(string name, CancellationToken cancellation = default)
    {
        Stats.Enqueue(name);
        return inner.TryStat(name, cancellation);
    }

    public ValueTask<bool> PutIfAbsent(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation = default) =>
        inner.PutIfAbsent(name, content, cancellation);

    public ValueTask<bool> PutIfAbsent(string name, Func<Stream, CancellationToken, ValueTask> write, CancellationToken cancellation = default) =>
        inner.PutIfAbsent(name, write, cancellation);

    public ValueTask Replace(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation = default) =>
        inner.Replace(name, content, cancellation);
}
