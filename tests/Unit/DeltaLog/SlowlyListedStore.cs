using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Latecomer.DeltaLog;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.Unit.DeltaLog;

/// <summary>A store whose listing, once it has the names, is not done before a file was asked for, whether it is there or not. Something happens once the names
/// are there, and nothing is read before that.</summary>
internal sealed class SlowlyListedStore(ILogStore inner, string until, Action meanwhile) : ILogStore
{
    private readonly TaskCompletionSource _happened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What was asked for, in no order.</summary>
    public ConcurrentBag<string> Reads { get; } = [];

    public string Location => inner.Location;

    public async IAsyncEnumerable<string> List(string after, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var names = await inner.List(after, cancellation).ToListAsync(cancellation);
        meanwhile();
        _happened.TrySetResult();
        await _asked.Task.WaitAsync(Liveness.Bound, cancellation);
        foreach (var name in names)
        {
            yield return name;
        }
    }

    public async ValueTask<IMemoryOwner<byte>?> TryRead(string name, CancellationToken cancellation = default)
    {
        await _happened.Task.WaitAsync(Liveness.Bound, cancellation);
        Reads.Add(name);
        var content = await inner.TryRead(name, cancellation);
        if (name == until)
        {
            _asked.TrySetResult();
        }

        return content;
    }

    public ValueTask<int> ReadRange(string name, long offset, Memory<byte> buffer, CancellationToken cancellation = default) =>
        inner.ReadRange(name, offset, buffer, cancellation);

    public ValueTask<LogFileStatus?> TryStat(string name, CancellationToken cancellation = default) => inner.TryStat(name, cancellation);

    public ValueTask<bool> PutIfAbsent(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation = default) =>
        inner.PutIfAbsent(name, content, cancellation);

    public ValueTask<bool> PutIfAbsent(string name, Func<Stream, CancellationToken, ValueTask> write, CancellationToken cancellation = default) =>
        inner.PutIfAbsent(name, write, cancellation);

    public ValueTask Replace(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation = default) =>
        inner.Replace(name, content, cancellation);
}
