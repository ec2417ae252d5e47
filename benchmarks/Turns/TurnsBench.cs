using System.Globalization;
using System.Text.Json;
using Latecomer.Tests.Testing.Postgres;

namespace Latecomer.Benchmarks.Turns;

/// <summary>Durable turns beside pgbench on the same server, in turns.</summary>
internal static class TurnsBench
{
    private const int Actors = 10_000;
    private const int Clients = 32;

    internal static async Task Run(bool quick, int rounds, double seconds, int many)
    {
        var folder = Directory.CreateTempSubdirectory("latecomer-bench-").FullName;
        await using var server = await PostgresServer.Start(durable: true);
        try
        {
            var pgbench = new Pgbench(server.ConnectionString, folder);
            await pgbench.Prepare();
            Write($"{Machine.Describe()}; PostgreSQL of its own, synchronous_commit=on, fsync=on");
            Write($"a turn: asked by a client's process, consumed, state, journal entry, a message to an actor on another shard, reply; {Actors:N0} actors");
            Write($"pgbench: one insert per transaction, prepared, {Clients} clients; both for {seconds:F0} s, one after the other, medians of {rounds}");
            Write($"{"turns together, nodes, in flight",-36}{"asks/s",8}{"pgbench",9}{"ratio",7}{"turns/s",9}{"p50 ms",8}{"p99 ms",8}");
            Setting[] settings = quick
                ? [new(256, 1, many)]
                : [.. from nodes in new[] { 1, 2, 3 } from batch in new[] { 1, 32, 128, 256 } select new Setting(batch, nodes, many), new(256, 1, Clients), new(256, 3, Clients)];
            foreach (var setting in settings)
            {
                await Measure(server.ConnectionString, pgbench, setting, rounds, seconds);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task Measure(string store, Pgbench pgbench, Setting setting, int rounds, double seconds)
    {
        var ports = BenchProcess.FreePorts(setting.Nodes + 1);
        var nodes = new List<BenchProcess>();
        try
        {
            for (var i = 0; i < setting.Nodes; i++)
            {
                nodes.Add(BenchProcess.Start("node", store, $"bench-{i}", Text(setting.Nodes), Text(setting.Batch), BenchProcess.Ports(ports, i)));
            }

            foreach (var node in nodes)
            {
                await node.Line();
            }

            var (asks, inserts) = (new List<ClientReport>(), new List<double>());
            for (var round = 0; round < rounds; round++)
            {
                inserts.Add(await pgbench.Run(seconds));
                var client = MeasuredProgram.OfThis(
                    "client", "ask", store, Text(setting.InFlight), Text(Actors), Text(round == 0 ? 2 : 1), Text(seconds), BenchProcess.Ports(ports, setting.Nodes));
                await client.Run();
                asks.Add(JsonSerializer.Deserialize<ClientReport>(client.Output)!);
            }

            var (rate, turns, rows) = (Median(asks, a => a.Asks / a.Seconds), Median(asks, a => a.Turns / a.Seconds), Medians.Of(inserts));
            Write($"{$"{setting.Batch}, {setting.Nodes}, {setting.InFlight}",-36}{rate,8:F0}{rows,9:F0}{rate / rows,7:F2}{turns,9:F0}{Median(asks, a => a.P50),8:F1}{Median(asks, a => a.P99),8:F1}");
            foreach (var node in nodes)
            {
                await node.End();
            }
        }
        finally
        {
            foreach (var node in nodes)
            {
                await node.DisposeAsync();
            }
        }
    }

    private static double Median(List<ClientReport> reports, Func<ClientReport, double> of) => Medians.Of([.. reports.Select(of)]);

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Write(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private sealed record Setting(int Batch, int Nodes, int InFlight);
}
