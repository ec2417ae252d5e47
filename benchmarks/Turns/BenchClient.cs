using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Latecomer.Node.Hints;
using Latecomer.Node.Intake;
using Latecomer.Runtime;
using Latecomer.Runtime.Postgres;
using Npgsql;

namespace Latecomer.Benchmarks.Turns;

/// <summary>What the client of a benchmark found in a time.</summary>
/// <param name="Seconds">How long it asked, after it had warmed up.</param>
/// <param name="Asks">Asks that were answered.</param>
/// <param name="Turns">Turns that wrote a state and an entry: those that were asked for, and those of the actors that were told, if they record it.</param>
/// <param name="P50">Milliseconds.</param>
/// <param name="P99">Milliseconds.</param>
/// <param name="Processor">Seconds of processor time that the client took.</param>
internal sealed record ClientReport(double Seconds, long Asks, long Turns, double P50, double P99, double Processor);

/// <summary>A client of a benchmark: a process of its own with an edge in it, and no node. It asks so many things at a time, each as soon as one is answered.</summary>
internal static class BenchClient
{
    public static async Task Run(string store, int inFlight, int actors, double warmUp, double seconds, bool records)
    {
        await using var opened = await PostgresRuntimeStore.Open(store, default);
        using var connections = new SocketsHttpHandler { UseProxy = false };
        using var intake = new ClusterIntake(new LocalIntake(), new ClusterSecret(await opened.ReadSecret(default)), connections, TimeProvider.System);
        var (nodes, owners) = (await opened.Membership.List(default), await opened.Leases.List(default));
        intake.See(Routes.Of(new Incarnation(Guid.NewGuid()), new PlacementView(nodes, owners, await opened.Membership.Now(default))));
        using var edge = new RequestEdge(opened, BenchActor.Catalog, new LocalHints(), TimeProvider.System, new RuntimeSettings(), intake);
        await using var counting = new NpgsqlConnection(store);
        await counting.OpenAsync();

        var others = Enumerable.Range(0, actors).Select(i => BenchActor.Other(i, actors)).ToArray();
        var run = Guid.NewGuid().ToString("N");
        var took = new List<double>[inFlight];
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        long measuring = 0;
        using var stop = new CancellationTokenSource();
        var askers = Enumerable.Range(0, inFlight).Select(asker => Task.Run(() => Ask(asker))).ToArray();
        await Task.Delay(TimeSpan.FromSeconds(warmUp));
        var processor = Environment.CpuUsage.TotalTime;
        var before = await Turns(counting);
        var began = Stopwatch.GetTimestamp();
        Interlocked.Exchange(ref measuring, 1);
        await Task.WhenAll(Task.Delay(TimeSpan.FromSeconds(seconds)), Task.WhenAny([answered.Task, .. askers]));
        Interlocked.Exchange(ref measuring, 0);
        var measured = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var turns = await Turns(counting) - before;
        var used = (Environment.CpuUsage.TotalTime - processor).TotalSeconds;
        await stop.CancelAsync();
        await Task.WhenAll(askers);
        double[] all = [.. took.SelectMany(t => t).Order()];
        Console.WriteLine(JsonSerializer.Serialize(new ClientReport(measured, all.Length, turns, Percentile(all, 0.5), Percentile(all, 0.99), used)));

        async Task Ask(int asker)
        {
            var random = new Random(asker);
            var own = took[asker] = [];
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var actor = random.Next(actors);
                var id = RequestId.Parse(string.Create(CultureInfo.InvariantCulture, $"{run}-{asker}-{i}"));
                var asked = Stopwatch.GetTimestamp();
                if (await edge.Ask(id, BenchActor.Id(actor), new BenchMessage.Mark("scheduled__2026-01-01T00:00:00Z", others[actor], id, records), default) is not RequestOutcome.Replied { Reply.Status: ReplyStatus.Ok })
                {
                    throw new BenchException("an ask was refused");
                }

                if (Interlocked.Read(ref measuring) == 1)
                {
                    own.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
                    answered.TrySetResult();
                }
            }
        }
    }

    private static double Percentile(double[] sorted, double part) => sorted[(int)(part * (sorted.Length - 1))];

    /// <summary>How many turns became durable so far: each writes one entry, and positions have no gap.</summary>
    private static async Task<long> Turns(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT coalesce(sum((SELECT max(position) FROM latecomer.journal AS j WHERE j.shard = s.shard)), 0)::bigint FROM latecomer.shard AS s
            """,
            connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
