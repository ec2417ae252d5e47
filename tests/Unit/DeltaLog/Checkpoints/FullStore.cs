using System.Buffers;
using Latecomer.DeltaLog;

namespace Latecomer.Tests.Unit.DeltaLog;

/// <summary>A store that has room for commits, and for nothing else.</summary>
internal sealed class FullStore(ILogStore inner) : ILogStore
{
    public string Location => inner.Location;

    public IAsyncEnumerable<string> List(string after, CancellationToken cancellation = default) => inner.List(after, cancellation);

    public ValueTask<IMemoryOwner<byte>?> TryRead(string name, CancellationToken cancellation = default) => inner.TryRead(name, cancellation);

    public ValueTask<int> ReadRange(string name, long offset, Memory<byte> buffer, CancellationToken cancellation = default) =>
        inner.ReadRange(name, offset, buffer, cancellation);

    public ValueTask<LogFileStatus?> TryStat(string name, CancellationToken cancellation = default) => inner.TryStat(name, cancellation);

    public ValueTask<bool> PutIfAbsent(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation = default) =>
        inner.PutIfAbsent(name, content, cancellation);

    public ValueTask<bool> PutIfAbsent(string name, Func<Stream, CancellationToken, ValueTask> write, CancellationToken cancellation = default) =>
        inner.PutIfAbsent(
            name,
            async (stream, token) =>
            {
                await write(stream, token);
                throw new IOException("no space left on device");
            },
            cancellation);

    public ValueTask Replace(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation = default) => throw new IOException("no space left on device");
}
