using System.Diagnostics;
using System.Globalization;
using Latecomer.Benchmarks.Passivated;
using Latecomer.Benchmarks.Turns;
using Latecomer.Tests.Testing.Postgres;
using Npgsql;

namespace Latecomer.Benchmarks.Commands;

/// <summary>Commands over gRPC to a <c>latecomer node</c> on PostgreSQL, beside pgbench on the same server, in turns.</summary>
internal sealed class CommandsBench(ServingNode node, CommandingClients clients, Pgbench pgbench, int postmaster, int rounds, double seconds)
{
    internal static async Task Run(int rounds, double seconds)
    {
        var folder = Directory.CreateTempSubdirectory("latecomer-bench-").FullName;
        try
        {
            await using var server = await PostgresServer.Start(durable: true);
            var pgbench = new Pgbench(server.ConnectionString, folder);
            await pgbench.Prepare();
            var data = Path.Combine(folder, "data");
            await using var node = ServingNode.Start(server.ConnectionString, data);
            await node.Serves();
            await CommandingClients.MakeTable(data);
            using var clients = new CommandingClients(node.GrpcAddress, Pgbench.Clients);
            Write($"{Machine.Describe()}; a PostgreSQL of its own, synchronous_commit=on, fsync=on; a `latecomer node` by default settings, called by gRPC");
            Write($"command: Pipelines.Pause and Unpause by turns, which changes the pipeline in one turn of its actor, journal and audit included; {Pgbench.Clients} clients with a connection and one call in flight each");
            Write($"pgbench: one insert for each transaction, as many clients; medians of {rounds} times {seconds:F0} s, in turns, after one to warm up; processor time of a command: clients + node + server");
            var bench = new CommandsBench(node, clients, pgbench, await Postmaster(server.ConnectionString), rounds, seconds);
            await clients.Prepare();
            await bench.Commands();
            await clients.GoOn();
            await bench.Marks();
            await node.Stop();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task Commands()
    {
        Write($"{"",-8}{"commands/s",12}{"pgbench/s",11}{"command:insert",16}{"p50 ms",8}{"p99 ms",8}{"processor us/command",26}{"/insert",9}");
        var measured = new List<Round>();
        for (var round = 0; round <= rounds; round++)
        {
            var (children, server) = (ProcessorTime.OfEndedChildren(), ProcessorTime.OfServer(postmaster));
            var inserts = await pgbench.Run(seconds);
            var forInsert = (ProcessorTime.OfEndedChildren() - children + ProcessorTime.OfServer(postmaster) - server) / inserts.Count;
            (var own, var ofNode, server) = (ProcessorTime.Of(Environment.ProcessId), node.ProcessorSeconds, ProcessorTime.OfServer(postmaster));
            var calls = await Measure(clients.Command, clients.Count, seconds);
            double[] parts = [ProcessorTime.Of(Environment.ProcessId) - own, node.ProcessorSeconds - ofNode, ProcessorTime.OfServer(postmaster) - server];
            if (round > 0)
            {
                measured.Add(new Round(calls, inserts.Rate, forInsert * 1e6, [.. parts.Select(part => part / calls.Count * 1e6)]));
                Line($"{round}", [measured[^1]]);
            }
        }

        Line("median", measured);

        static void Line(string name, List<Round> rounds)
        {
            var (commands, inserts) = (Of(r => r.Calls.Rate), Of(r => r.Inserts));
            var split = string.Create(CultureInfo.InvariantCulture, $"{Of(r => r.Parts.Sum()):F0} = {Of(r => r.Parts[0]):F0} + {Of(r => r.Parts[1]):F0} + {Of(r => r.Parts[2]):F0}");
            Write($"{name,-8}{commands,12:N0}{inserts,11:N0}{commands / inserts,16:F2}{Of(r => r.Calls.P50),8:F1}{Of(r => r.Calls.P99),8:F1}{split,26}{Of(r => r.ForInsert),9:F0}");

            double Of(Func<Round, double> of) => Medians.Of([.. rounds.Select(of)]);
        }
    }

    /// <summary>Marks of one date after the other, of one pipeline and of one for each client.</summary>
    private async Task Marks()
    {
        Write($"mark: Partitions.MarkAsProcessing of a new date, one pipeline for each client");
        Write($"{"clients",-8}{"marks/s",12}{"turns/mark",12}{"p50 ms",8}{"p99 ms",8}");
        foreach (var count in new[] { 1, clients.Count })
        {
            await Measure(clients.Mark, count, seconds);
            var turns = await clients.Turns();
            var marks = await Measure(clients.Mark, count, seconds);
            Write($"{count,-8}{marks.Rate,12:N0}{(await clients.Turns() - turns) / (double)marks.Count,12:F1}{marks.P50,8:F1}{marks.P99,8:F1}");
        }
    }

    private static async Task<Measured> Measure(Func<int, Task> ask, int clients, double seconds)
    {
        var began = Stopwatch.GetTimestamp();
        var all = await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(async () =>
        {
            var times = new List<double>();
            do
            {
                var asked = Stopwatch.GetTimestamp();
                await ask(client);
                times.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            }
            while (Stopwatch.GetElapsedTime(began).TotalSeconds < seconds);

            return times;
        })));
        var passed = Stopwatch.GetElapsedTime(began).TotalSeconds;
        double[] sorted = [.. all.SelectMany(times => times).Order()];
        return new Measured(sorted.Length, sorted.Length / passed, sorted[sorted.Length / 2], sorted[sorted.Length * 99 / 100]);
    }

    private static void Write(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private static async Task<int> Postmaster(string store)
    {
        await using var connection = new NpgsqlConnection(store);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT split_part(pg_read_file('postmaster.pid'), chr(10), 1)::int", connection);
        return (int)(await command.ExecuteScalarAsync())!;
    }

    private sealed record Round(Measured Calls, double Inserts, double ForInsert, IReadOnlyList<double> Parts);

    private sealed record Measured(int Count, double Rate, double P50, double P99);
}
