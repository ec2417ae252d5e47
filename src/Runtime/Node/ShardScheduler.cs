using System.Threading.Channels;

namespace Latecomer.Runtime;

/// <summary>Runs the batches of the shards for which somebody asked, several shards at once, one batch of a shard at a time. Asking for
/// a shard that waits already changes nothing; asking for one that runs makes it run once more.</summary>
internal sealed class ShardScheduler
{
    private const int Idle = 0;
    private const int Queued = 1;
    private const int Running = 2;
    private const int AskedAgain = 3;

    private readonly NodeServices _services;
    private readonly OwnedShards _owned;
    private readonly Channel<ShardId> _queue;
    private readonly int[] _states;

    public ShardScheduler(NodeServices services, OwnedShards owned)
    {
        _services = services;
        _owned = owned;
        _states = new int[services.Catalog.Shards.Max(s => s.Number) + 1];
        _queue = Channel.CreateBounded<ShardId>(_states.Length);
    }

    /// <summary>A batch has set a timer for then.</summary>
    public Action<DateTimeOffset> TimerSet { get; init; } = _ => { };

    public void Ask(ShardId shard)
    {
        if (shard.Number >= _states.Length || _owned.Find(shard) is null)
        {
            return;
        }

        ref var state = ref _states[shard.Number];
        if (Interlocked.CompareExchange(ref state, Queued, Idle) == Idle)
        {
            _queue.Writer.TryWrite(shard);
        }
        else
        {
            Interlocked.CompareExchange(ref state, AskedAgain, Running);
        }
    }

    /// <summary>One of the workers.</summary>
    public async Task Work(CancellationToken cancellation)
    {
        await foreach (var shard in _queue.Reader.ReadAllAsync(cancellation))
        {
            Interlocked.Exchange(ref _states[shard.Number], Running);
            var more = await RunBatch(shard, cancellation);
            if (more || Interlocked.CompareExchange(ref _states[shard.Number], Idle, Running) == AskedAgain)
            {
                Interlocked.Exchange(ref _states[shard.Number], Queued);
                _queue.Writer.TryWrite(shard);
            }
        }
    }

    private async ValueTask<bool> RunBatch(ShardId shard, CancellationToken cancellation)
    {
        if (_owned.Find(shard) is not { } processor)
        {
            return false;
        }

        try
        {
            var result = await processor.RunBatch(cancellation);
            switch (result.Outcome)
            {
                case BatchOutcome.LeaseLost:
                    _owned.Drop(processor);
                    _services.Observer.LeaseLost(_services.Self, processor.Lease);
                    break;
                case BatchOutcome.Stale:
                    _owned.Drop(processor);
                    _services.Observer.LeaseLost(_services.Self, processor.Lease);
                    await _services.Store.Leases.Release([processor.Lease], cancellation);
                    break;
            }

            if (result.NextTimer is { } next)
            {
                TimerSet(next);
            }

            return result.More;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // What became of the batch is unknown. The next round of allocation acquires the lease anew.
            _owned.Drop(processor);
            _services.Observer.Fault(_services.Self, $"running turns of {shard}", fault);
            return false;
        }
    }
}
