using Latecomer.Node.Hints;
using Latecomer.Runtime;
using Latecomer.Runtime.Postgres;

namespace Latecomer.Benchmarks.Turns;

/// <summary>A node of a benchmark: a process of its own. It says when it serves what it should, and ends with its standard input.</summary>
internal static class BenchNode
{
    public static async Task Run(string store, string name, int nodes, int batch)
    {
        var observer = new ServingObserver(ShardId.ShardedCount / nodes / 2);
        await using var opened = await PostgresRuntimeStore.Open(store, time: null, beforeCommit: "", default, batch);
        var secret = new ClusterSecret(await opened.ReadSecret(default));
        using var connections = new SocketsHttpHandler { UseProxy = false };
        await using var hints = new ClusterHints(secret, connections, TimeProvider.System);
        var intake = new LocalIntake();
        await using var endpoint = await BenchEndpoint.Start(secret, hints, intake);
        observer.Seen = (self, seen) => hints.See(Routes.Of(self.Incarnation, seen));
        await using var node = new RuntimeNode(new RuntimeNodeOptions
        {
            Name = name,
            Address = endpoint.Address,
            Store = opened,
            Catalog = BenchActor.Catalog,
            Hints = hints,
            Intake = intake,
            Time = TimeProvider.System,
            NewIncarnation = Guid.NewGuid,
            Observer = observer,
            Settings = new RuntimeSettings { BatchTurns = batch },
        });
        await node.Start(default);
        await observer.Serves;
        await Console.Out.WriteLineAsync("serves");
        await Console.In.ReadToEndAsync();
        await node.Stop();
    }

    /// <summary>Hears when the node serves its part, and tells faults.</summary>
    private sealed class ServingObserver(int part) : IRuntimeObserver
    {
        private readonly TaskCompletionSource _serves = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _shards;

        public Task Serves => _serves.Task;

        public Action<NodeRegistration, PlacementView> Seen { get; set; } = (_, _) => { };

        public void PlacementSeen(NodeRegistration node, PlacementView seen) => Seen(node, seen);

        public void LeasesTaken(NodeRegistration node, IReadOnlyList<Lease> leases) => Count(leases.Count);

        public void LeasesReleased(NodeRegistration node, IReadOnlyList<Lease> leases) => Count(-leases.Count);

        public void Fault(NodeRegistration node, string doing, Exception fault) => Console.Error.WriteLine($"{node.Name}: {doing}: {fault.Message}");

        public void TurnFailed(NodeRegistration node, ActorId actor, int attempt, Exception fault) => Console.Error.WriteLine($"{node.Name}: {actor}: {fault}");

        private void Count(int change)
        {
            if (Interlocked.Add(ref _shards, change) >= part)
            {
                _serves.TrySetResult();
            }
        }
    }
}
