using Latecomer.Runtime;

namespace Latecomer.Tests.Simulation;

/// <summary>Waits for a store with threads of its own, so that a simulation in one thread can run on it: each call has ended when it returns.</summary>
internal sealed class BlockingGate : IStoreGate
{
    public ValueTask<T> Through<T>(string call, Func<ValueTask<T>> inner) =>
        ValueTask.FromResult(Task.Run(() => inner().AsTask()).GetAwaiter().GetResult());

    public ShardWork Reorder(ShardWork work) => work;
}
