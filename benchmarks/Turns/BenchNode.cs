using Latecomer.Runtime;
using Latecomer.Runtime.Postgres;

namespace Latecomer.Benchmarks.Turns;

/// <summary>A node of a benchmark: a process of its own. It says when it serves what it should, and ends with its standard input.</summary>
internal static class BenchNode
{
    public static async Task Run(string store, string name, int nodes, int batch, int[] ports)
    {
        using var hints = new DatagramHints(ports[0], ports[1..]);
        await using var opened = await PostgresRuntimeStore.Open(store, time: null, beforeCommit: "", default, batch);
        await using var node = new RuntimeNode(new RuntimeNodeOptions
        {
            Name = name,
            Store = opened,
            Catalog = BenchActor.Catalog,
            Hints = hints,
            Time = TimeProvider.System,
            NewIncarnation = Guid.NewGuid,
            Observer = new FaultsToError(),
            Settings = new RuntimeSettings { BatchTurns = batch },
        });
        await node.Start(default);
        while (node.Shards.Count < ShardId.ShardedCount / nodes / 2)
        {
            await Task.Delay(20);
        }

        await Console.Out.WriteLineAsync("serves");
        await Console.In.ReadToEndAsync();
        await node.Stop();
    }

    private sealed class FaultsToError : IRuntimeObserver
    {
        public void Fault(NodeRegistration node, string doing, Exception fault) => Console.Error.WriteLine($"{node.Name}: {doing}: {fault.Message}");

        public void TurnFailed(NodeRegistration node, ActorId actor, int attempt, Exception fault) => Console.Error.WriteLine($"{node.Name}: {actor}: {fault}");
    }
}
