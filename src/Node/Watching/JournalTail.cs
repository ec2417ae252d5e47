using System.Collections.Immutable;
using Latecomer.Runtime;

namespace Latecomer.Node.Watching;

/// <summary>Reads what the journal gets, once for all watches of the process, and passes it on to them. It runs only while somebody listens.</summary>
internal sealed class JournalTail(IRuntimeStore store, JournalReader reader, int shards, TimeProvider time, TailSurroundings surroundings) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private ImmutableArray<Listener> _listeners = [];
    private TailRun? _run;
    private bool _over;

    /// <summary>Whether somebody listens.</summary>
    public bool IsHeard => !_listeners.IsEmpty;

    /// <summary>A shard's journal has grown.</summary>
    public void Hear(ShardId shard)
    {
        if (IsHeard)
        {
            _run?.Look(shard);
        }
    }

    /// <summary>Listens until the listener is disposed. What is in the store when this returns, the listener may not hear of; what comes after it does, or is told that it
    /// missed something.</summary>
    /// <exception cref="StoreFaultException">The store cannot be read.</exception>
    public async Task<Listener> Listen(CancellationToken cancellation)
    {
        var listener = new Listener(Gone);
        TailRun run;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_over, this);
            _listeners = _listeners.Add(listener);
            run = _run is { HasFailed: false } running ? running : _run = new TailRun(store, reader, shards, time, Publish, surroundings);
        }

        try
        {
            await run.Begun.WaitAsync(cancellation);
            return listener;
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        TailRun? last;
        lock (_lock)
        {
            _over = true;
            (last, _run) = (_run, null);
        }

        await (last?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private void Publish(IReadOnlyList<JournalStretch>? stretches)
    {
        foreach (var listener in _listeners)
        {
            if (stretches is null)
            {
                listener.Miss();
            }
            else
            {
                listener.Offer(stretches);
            }
        }
    }

    private void Gone(Listener listener)
    {
        TailRun? last = null;
        lock (_lock)
        {
            _listeners = _listeners.Remove(listener);
            if (_listeners.IsEmpty)
            {
                (last, _run) = (_run, null);
            }
        }

        // Its end is awaited by nobody: it holds nothing but what the next question to the store needs.
        _ = last?.DisposeAsync().AsTask();
    }
}
