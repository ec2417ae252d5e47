using Latecomer.Runtime;

namespace Latecomer.Tests.Simulation;

/// <summary>Hints that reach each listener or not, and now and then twice.</summary>
internal sealed class LossyHints(SeededRandom random, FaultPlan faults) : IHints
{
    private readonly List<Action<Hint>> _listeners = [];

    public void Publish(Hint hint)
    {
        foreach (var listener in _listeners.ToArray())
        {
            if (faults.Active && random.PerMille(faults.LostHints))
            {
                continue;
            }

            listener(hint);
            if (faults.Active && random.PerMille(faults.LostHints))
            {
                listener(hint);
            }
        }
    }

    public IDisposable Subscribe(Action<Hint> listener)
    {
        _listeners.Add(listener);
        return new Subscription(_listeners, listener);
    }

    private sealed class Subscription(List<Action<Hint>> listeners, Action<Hint> listener) : IDisposable
    {
        public void Dispose() => listeners.Remove(listener);
    }
}
