using System.Diagnostics;
using System.Globalization;
using Latecomer.Actors;
using Latecomer.Runtime;
using Latecomer.Runtime.Postgres;
using Latecomer.Tests.Testing.Postgres;

namespace Latecomer.Benchmarks.Failover;

/// <summary>How long an actor and each singleton do not answer when the node that owns them is killed, stopped or told to go, on a cluster of three
/// processes by default settings.</summary>
internal static class FailoverBench
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static readonly (string Name, ActorId Actor)[] Targets =
    [
        ("actor", new ActorId(ActorIds.PartitionKind, "bench/2026-01-01")),
        ("marking", new ActorId(ActorIds.MarkingKind, "bench")),
        ("backfill", new ActorId(ActorIds.BackfillKind, "bench")),
    ];

    internal static async Task Run(bool quick, int rounds)
    {
        await using (var server = await PostgresServer.Start(durable: true))
        {
            await StaleOwner.Measure(server.ConnectionString, quick ? 1 : 5, TimeSpan.FromSeconds(quick ? 3 : 10));
        }

        var folder = Directory.CreateTempSubdirectory("latecomer-bench-").FullName;
        try
        {
            await using var cluster = new BenchCluster(Path.Combine(folder, "data"));
            await cluster.Up();
            Console.WriteLine($"{Machine.Describe()}; three nodes, default settings; from the signal to the answer of what was asked behind it");
            Console.WriteLine($"{"signal",-10}{"what",-10}{"median s",10}{"worst s",10}{"rounds",8}");
            await using var store = await PostgresRuntimeStore.Open(cluster.Store, default);
            using var edge = new RequestEdge(store, ActorIds.Catalog(), new LocalHints(), TimeProvider.System, new RuntimeSettings());
            foreach (var signal in quick ? ["KILL"] : new[] { "TERM", "KILL", "STOP" })
            {
                foreach (var (name, actor) in quick ? Targets[..1] : Targets)
                {
                    var times = new List<double>();
                    for (var round = 0; round < (quick ? 1 : rounds); round++)
                    {
                        times.Add(await Measure(cluster, store, edge, signal, actor));
                    }

                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{signal,-10}{name,-10}{Medians.Of(times),10:F2}{times.Max(),10:F2}{times.Count,8}"));
                }
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<double> Measure(BenchCluster cluster, PostgresRuntimeStore store, RequestEdge edge, string signal, ActorId actor)
    {
        await Answered(store, edge, actor);
        var node = await OwnerOf(store, actor);
        var began = Stopwatch.GetTimestamp();
        await cluster.Signal(node, signal);
        await Answered(store, edge, actor);
        var took = Stopwatch.GetElapsedTime(began).TotalSeconds;
        if (signal == "STOP")
        {
            await cluster.Signal(node, "CONT");
        }
        else
        {
            await Until(async () => (await OwnersOf(store, actor)).All(n => n != node), "the node's end");
            await cluster.Start(node);
        }

        // Placement brings the actor back to where it belongs.
        await Until(async () => await OwnerOf(store, actor) == node, "the shards to be back");
        return took;
    }

    /// <summary>Asks, and waits for the answer.</summary>
    private static async Task Answered(PostgresRuntimeStore store, RequestEdge edge, ActorId actor)
    {
        var id = RequestId.Parse($"bench-{Guid.NewGuid():N}");
        await edge.Ping(id, actor, default);
        await Until(async () => await store.Requests.FindReply(id, default) is not null, $"an answer of {actor}");
    }

    private static async Task<string> OwnerOf(PostgresRuntimeStore store, ActorId actor) => string.Concat(await OwnersOf(store, actor));

    /// <summary>The name of the live node that owns the actor's shard; none while nobody does.</summary>
    private static async Task<IReadOnlyList<string>> OwnersOf(PostgresRuntimeStore store, ActorId actor)
    {
        var shard = ActorIds.Catalog().ShardOf(actor);
        var owner = (await store.Leases.List(default)).SingleOrDefault(l => l.Shard == shard)?.Owner;
        var now = await store.Membership.Now(default);
        return [.. (await store.Membership.List(default)).Where(n => n.Registration.Incarnation == owner && n.IsLive(now)).Select(n => n.Registration.Name)];
    }

    private static async Task Until(Func<Task<bool>> condition, string what)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(began) > Patience)
            {
                throw new BenchException($"waited {Patience.TotalMinutes} minutes for {what}");
            }

            await Task.Delay(Look);
        }
    }
}
