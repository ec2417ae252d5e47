using System.Diagnostics;
using System.Globalization;
using Latecomer.Actors;
using Latecomer.Runtime;
using Latecomer.Runtime.Postgres;
using Latecomer.Tests.Testing.Postgres;
using Npgsql;

namespace Latecomer.Benchmarks.Passivated;

/// <summary>How soon a node answers whose store holds so many actors, beside one whose store holds a hundred, and how much memory it takes.</summary>
internal sealed class ActorsBench(PassivatedPartitions partitions, PostgresRuntimeStore store, RequestEdge edge, string data)
{
    private const int Few = 100;
    private const int AskedAtOnce = 64;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly List<double> _answers = [];
    private readonly List<double> _serves = [];
    private double _megabytes;
    private int _asked;

    internal static async Task Run(bool quick, int rounds)
    {
        var (many, active) = quick ? (20_000, 1000) : (1_000_000, 10_000);
        var folder = Directory.CreateTempSubdirectory("latecomer-bench-").FullName;
        try
        {
            await using var server = await PostgresServer.Start(durable: true);
            var (few, all) = (Partitions("few", Few), Partitions("many", many));
            var began = Stopwatch.GetTimestamp();
            await few.Fill();
            var bytes = await all.Fill();
            Write($"{Machine.Describe()}; a PostgreSQL of its own; partitions with a state of {bytes} bytes, one run of theirs ended, filled in {Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s");
            Write($"from the start of a `latecomer node` until it listens, and until it has answered what an actor was asked before; medians of {rounds}, in turns");
            await Compare(few, all, active, rounds, folder);

            PassivatedPartitions Partitions(string name, int count) =>
                new(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = name }.ConnectionString, count);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task Compare(PassivatedPartitions few, PassivatedPartitions all, int active, int rounds, string folder)
    {
        await using var fewStore = await PostgresRuntimeStore.Open(few.Store, default);
        await using var allStore = await PostgresRuntimeStore.Open(all.Store, default);
        using var fewEdge = new RequestEdge(fewStore, ActorIds.Catalog(), new LocalHints(), TimeProvider.System, new RuntimeSettings());
        using var allEdge = new RequestEdge(allStore, ActorIds.Catalog(), new LocalHints(), TimeProvider.System, new RuntimeSettings());
        ActorsBench[] both = [new(few, fewStore, fewEdge, Path.Combine(folder, "few")), new(all, allStore, allEdge, Path.Combine(folder, "many"))];

        // The first of each makes the rows of all shards, which no later one does. Where only one round is wanted, that is the one.
        foreach (var bench in rounds == 1 ? [] : both)
        {
            await bench.Start();
            bench.Forget();
        }

        for (var round = 0; round < rounds; round++)
        {
            foreach (var bench in both)
            {
                await bench.Start();
            }
        }

        Write($"{"actors",-12}{"listens s",12}{"answers s",12}{"worst s",10}{"memory MB",12}");
        Array.ForEach(both, b => b.Report());
        Write($"ratio of the answers: {Medians.Of(both[1]._answers) / Medians.Of(both[0]._answers):F2}");
        await both[1].Wake(active);
    }

    private static void Write(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private void Forget()
    {
        _answers.Clear();
        _serves.Clear();
        _megabytes = 0;
    }

    private void Report() =>
        Write($"{partitions.Count,-12:N0}{Medians.Of(_serves),12:F2}{Medians.Of(_answers),12:F2}{_answers.Max(),10:F2}{_megabytes,12:F0}");

    /// <summary>Starts a node where something waits for an answer already.</summary>
    private async Task Start()
    {
        // Another one each time, far from the last.
        var request = await Ask((int)(_asked++ * 7919L % partitions.Count));
        await using var node = ServingNode.Start(partitions.Store, data);
        var serves = Listened(node);
        await Answered(request);
        _answers.Add(node.Seconds);
        _serves.Add(await serves);
        _megabytes = Math.Max(_megabytes, node.PeakMegabytes);
        await node.Stop();
    }

    /// <summary>Lets so many actors into a node's memory.</summary>
    private async Task Wake(int active)
    {
        await using var node = ServingNode.Start(partitions.Store, data);
        await node.Serves();
        var began = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, active), new ParallelOptions { MaxDegreeOfParallelism = AskedAtOnce },
            async (number, _) => await Answered(await Ask(number * (partitions.Count / active))));
        Write($"{active:N0} of {partitions.Count:N0} actors active, each asked once, {AskedAtOnce} at a time, in {Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s: {node.PeakMegabytes:F0} MB at most");
        await node.Stop();
    }

    private static async Task<double> Listened(ServingNode node)
    {
        await node.Serves();
        return node.Seconds;
    }

    private async Task<RequestId> Ask(int number)
    {
        var id = RequestId.Parse($"bench-{Guid.NewGuid():N}");
        await edge.Ping(id, PassivatedPartitions.Actor(number), default);
        return id;
    }

    /// <summary>Waits until an actor has answered, and makes sure that it has read its state for it.</summary>
    private async Task Answered(RequestId request)
    {
        var began = Stopwatch.GetTimestamp();
        StoredReply? reply;
        while ((reply = await store.Requests.FindReply(request, default)) is null)
        {
            if (Stopwatch.GetElapsedTime(began) > Patience)
            {
                throw new BenchException($"waited {Patience.TotalSeconds} s for an answer");
            }

            await Task.Delay(Look);
        }

        if (reply is not { Status: ReplyStatus.Ok, Body: { } body } || DurableJson.Read<Pong>(body).Revision != 1)
        {
            throw new BenchException($"an actor does not know its state: {reply}");
        }
    }
}
