using System.Collections.Immutable;

namespace Latecomer.Runtime;

/// <summary>Hints among the nodes and edges of one process.</summary>
public sealed class LocalHints : IHints
{
    private ImmutableArray<Action<Hint>> _listeners = [];

    /// <inheritdoc/>
    public void Publish(Hint hint)
    {
        foreach (var listener in _listeners)
        {
            listener(hint);
        }
    }

    /// <inheritdoc/>
    public IDisposable Subscribe(Action<Hint> listener)
    {
        ImmutableInterlocked.Update(ref _listeners, listeners => listeners.Add(listener));
        return new Subscription(this, listener);
    }

    private sealed class Subscription(LocalHints hints, Action<Hint> listener) : IDisposable
    {
        public void Dispose() => ImmutableInterlocked.Update(ref hints._listeners, listeners => listeners.Remove(listener));
    }
}
