using Latecomer.Actors;
using Latecomer.Node.Http;
using Latecomer.Runtime;

namespace Latecomer.Node.Hosting;

/// <summary>Says whether a node that serves can do what it is asked.</summary>
internal sealed class HealthCheck(IRuntimeStore store, NodeObserver observer, IReadOnlyCollection<RuntimeNode> nodes)
{
    private const int MostTables = 1000;

    /// <summary>Looks.</summary>
    public async Task<NodeHealth> Ask(CancellationToken cancellation)
    {
        if (observer.StoreFault is { } known)
        {
            return new NodeHealth(known, []);
        }

        if (nodes.FirstOrDefault(n => !n.IsLive) is { } lost)
        {
            return new NodeHealth($"{lost.Name} could not prolong its life in time, stopped by itself, and is joining again.", []);
        }

        try
        {
            var suspended = await store.DeadLetters.List(after: 0, limit: 1, suspendingOnly: true, cancellation) is [var first] ? first : null;
            var tables = await store.Projections.List(Projections.Tables, "", after: null, MostTables, cancellation);
            return new NodeHealth(
                suspended is null ? null : $"{suspended.To} is suspended since {suspended.At:O}, because a message to it keeps failing: {suspended.Error}",
                [.. tables.Select(t => t.As<TableRow>().Problem?.Message).OfType<string>()]);
        }
        catch (StoreFaultException fault)
        {
            return new NodeHealth(fault.Message, []);
        }
    }
}
