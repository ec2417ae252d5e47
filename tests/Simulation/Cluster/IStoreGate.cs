using Latecomer.Runtime;

namespace Latecomer.Tests.Simulation;

/// <summary>What every call to a store passes.</summary>
internal interface IStoreGate
{
    /// <summary>Makes a call, or does something else.</summary>
    ValueTask<T> Through<T>(string call, Func<ValueTask<T>> inner);

    /// <summary>The order in which messages are seen.</summary>
    ShardWork Reorder(ShardWork work);
}
