using System.Globalization;
using System.Text.Json;
using Latecomer.Tests.Testing.Postgres;
using Npgsql;

namespace Latecomer.Benchmarks.Turns;

/// <summary>Durable turns beside pgbench on the same server, one after the other.</summary>
internal sealed class TurnsBench(string store, Pgbench pgbench, int rounds, double seconds)
{
    private const int Actors = 10_000;

    /// <summary>What is measured: turns together x nodes x in flight.</summary>
    internal static string[] Settings { get; } =
    [
        "1x1x2048", "32x1x2048", "128x1x2048", "256x1x2048", "1x2x2048", "32x2x2048", "128x2x2048", "256x2x2048", "1x3x2048", "32x3x2048", "128x3x2048", "256x3x2048",
        "256x1x2048xhears", "256x3x2048xhears", "256x1x32", "256x3x32", "256x1x1", "256x3x1",
    ];

    internal static async Task Run(string[] settings, int rounds, double seconds)
    {
        var folder = Directory.CreateTempSubdirectory("latecomer-bench-").FullName;
        await using var server = await PostgresServer.Start(durable: true);
        try
        {
            var pgbench = new Pgbench(server.ConnectionString, folder);
            await pgbench.Prepare();
            Write($"{Machine.Describe()}; a PostgreSQL of its own, synchronous_commit=on, fsync=on");
            Write($"mark: asked by a client's process, consumed, state, journal entry, a message to an actor on another shard, reply; {Actors:N0} actors");
            Write($"turn: a mark, or what the other actor does with its message: consumed, state, journal entry; with 'hears' it is consumed, and nothing is written down");
            Write($"pgbench: one insert for each transaction, {Pgbench.Clients} clients with one in flight each; medians of {rounds} times {seconds:F0} s, one after the other; processor time of a mark: client + nodes + server");
            Write($"{"together x nodes x in flight",-30}{"marks/s",9}{"turns/s",9}{"pgbench/s",11}{"marks:pgbench",15}{"turns:pgbench",15}{"p50 ms",8}{"p99 ms",8}{"processor us/mark",25}{"/insert",9}");
            var bench = new TurnsBench(server.ConnectionString, pgbench, rounds, seconds);
            foreach (var setting in settings)
            {
                await bench.Measure(Setting.Parse(setting));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task Measure(Setting setting)
    {
        var nodes = new List<BenchProcess>();
        try
        {
            for (var i = 0; i < setting.Nodes; i++)
            {
                nodes.Add(BenchProcess.Start("node", store, $"bench-{i}", Text(setting.Nodes), Text(setting.Batch)));
            }

            foreach (var node in nodes)
            {
                await node.Line();
            }

            var measures = new List<Round>();
            for (var round = 0; round < rounds; round++)
            {
                measures.Add(await OneAfterTheOther(setting, nodes, warmUp: round == 0 ? 2 : 1));
            }

            Report(setting, measures);
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

    private async Task<Round> OneAfterTheOther(Setting setting, List<BenchProcess> nodes, double warmUp)
    {
        var server = await Postmaster();
        var began = ProcessorTime.OfServer(server);
        var others = ProcessorTime.OfEndedChildren();
        var inserts = await pgbench.Run(seconds);
        var between = ProcessorTime.OfServer(server);
        var forInsert = (between - began + ProcessorTime.OfEndedChildren() - others) / inserts.Count;
        var nodesBegan = nodes.Sum(n => ProcessorTime.Of(n.Id));
        var client = MeasuredProgram.OfThis("client", "ask", store, Text(setting.InFlight), Text(Actors), Text(warmUp), Text(seconds), setting.Records.ToString());
        await client.Run();
        var report = JsonSerializer.Deserialize<ClientReport>(client.Output)!;

        // The server and the nodes are counted from the warming up on, so their share is that of the measured time.
        var share = report.Seconds / (report.Seconds + warmUp);
        var ofServer = (ProcessorTime.OfServer(server) - between) * share / report.Asks;
        var ofNodes = (nodes.Sum(n => ProcessorTime.Of(n.Id)) - nodesBegan) * share / report.Asks;
        return new Round(inserts.Rate, forInsert, report, report.Processor / report.Asks, ofNodes, ofServer);
    }

    private static void Report(Setting setting, List<Round> measures)
    {
        var (marks, turns, rows) = (Of(m => m.Client.Asks / m.Client.Seconds), Of(m => m.Client.Turns / m.Client.Seconds), Of(m => m.Inserts));
        FormattableString line =
            $"{$"{setting.Batch} x {setting.Nodes} x {setting.InFlight}{(setting.Records ? "" : " x hears")}",-30}{marks,9:F0}{turns,9:F0}{rows,11:F0}{marks / rows,15:F2}{turns / rows,15:F2}{Of(m => m.Client.P50),8:F1}{Of(m => m.Client.P99),8:F1}{Split(),25}{Of(m => m.ForInsert) * 1e6,9:F0}";
        Write(line);

        string Split() => string.Create(
            CultureInfo.InvariantCulture,
            $"{Of(m => m.OfClient + m.OfNodes + m.OfServer) * 1e6:F0} = {Of(m => m.OfClient) * 1e6:F0} + {Of(m => m.OfNodes) * 1e6:F0} + {Of(m => m.OfServer) * 1e6:F0}");

        double Of(Func<Round, double> of) => Medians.Of([.. measures.Select(of)]);
    }

    private async Task<int> Postmaster()
    {
        await using var connection = new NpgsqlConnection(store);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT split_part(pg_read_file('postmaster.pid'), chr(10), 1)::int", connection);
        return (int)(await command.ExecuteScalarAsync())!;
    }

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Write(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private sealed record Setting(int Batch, int Nodes, int InFlight, bool Records)
    {
        public static Setting Parse(string text) => text.Split('x') switch
        {
            [var batch, var nodes, var inFlight] => new Setting(Number(batch), Number(nodes), Number(inFlight), Records: true),
            [var batch, var nodes, var inFlight, "hears"] => new Setting(Number(batch), Number(nodes), Number(inFlight), Records: false),
            _ => throw new BenchException($"'{text}' should read like 256x3x2048: turns together, nodes, asked at a time"),
        };

        private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
    }

    private sealed record Round(double Inserts, double ForInsert, ClientReport Client, double OfClient, double OfNodes, double OfServer);
}
