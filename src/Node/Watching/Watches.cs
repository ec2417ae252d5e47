using Latecomer.Grpc;
using Latecomer.Node.Grpc;
using Latecomer.Runtime;

namespace Latecomer.Node.Watching;

/// <summary>All watches of a process, and the tail that they share.</summary>
internal sealed class Watches : IAsyncDisposable
{
    /// <summary>After how long without a change a watch gets a token all the same.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(30);

    private readonly JournalReader _reader;
    private readonly JournalTail _tail;
    private readonly WatchMethods _methods;
    private readonly IDisposable _subscription;

    /// <summary>Watches of a store.</summary>
    public Watches(IRuntimeStore store, ActorCatalog catalog, IHints hints, TimeProvider time, TailSurroundings surroundings)
    {
        var shards = catalog.Shards.Max(s => s.Number) + 1;
        _reader = new JournalReader(store, new EntryDecoder(catalog), new WorkTasks(store.Projections, time));
        _tail = new JournalTail(store, _reader, shards, time, surroundings);
        _subscription = hints.Subscribe(hint =>
        {
            if (hint is Hint.JournalGrew grew)
            {
                _tail.Hear(grew.Shard);
            }
        });
        _methods = new WatchMethods(new JournalWatch(store, _reader, _tail, shards, time), Quiet, time);
    }

    /// <summary>A shard's journal may have grown. Costs nothing while nobody watches.</summary>
    public void Hear(ShardId shard) => _tail.Hear(shard);

    /// <summary>The methods.</summary>
    public IEnumerable<RpcMethod> Methods() => _methods.Methods();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _subscription.Dispose();
        await _tail.DisposeAsync();
        _reader.Dispose();
    }
}
