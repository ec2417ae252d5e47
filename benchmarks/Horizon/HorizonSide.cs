using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Latecomer.Benchmarks.Turns;
using Npgsql;

namespace Latecomer.Benchmarks.Horizon;

/// <summary>A server, and a node on it that is asked now and then.</summary>
internal sealed class HorizonSide : IAsyncDisposable
{
    /// <summary>Marks that are asked for at a time.</summary>
    public const int InFlight = 256;

    private const int Actors = 10_000;
    private const int TurnsTogether = 256;
    private const double WarmUp = 1;
    private const int Polls = 10;

    private readonly string _store;
    private readonly BenchProcess _node;
    private readonly int _postmaster;
    private long _turns;

    private HorizonSide(string store, BenchProcess node, int postmaster)
    {
        (_store, _node, _postmaster) = (store, node, postmaster);
    }

    public static async Task<HorizonSide> Start(string store)
    {
        var node = BenchProcess.Start("node", store, "bench", "1", Text(TurnsTogether));
        await node.Line();
        var lines = (string)await Scalar(store, "SELECT pg_read_file('postmaster.pid')");
        return new HorizonSide(store, node, int.Parse(lines.Split('\n')[0], CultureInfo.InvariantCulture));
    }

    /// <summary>Begins a transaction that goes on seeing everything as it is now, until it is disposed of.</summary>
    public async Task<IAsyncDisposable> HoldHorizon()
    {
        var connection = new NpgsqlConnection($"{_store};Pooling=false");
        await connection.OpenAsync();
        await using var begin = new NpgsqlCommand("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM latecomer.mailbox", connection);
        await begin.ExecuteNonQueryAsync();
        return connection;
    }

    /// <summary>Does at once what autovacuum would soon do.</summary>
    public Task Vacuum() => Scalar(_store, "VACUUM latecomer.mailbox, latecomer.actor_state, latecomer.request, latecomer.timer");

    public async Task<Window> Ask(double seconds)
    {
        var (server, node) = (ProcessorTime.OfServer(_postmaster), ProcessorTime.Of(_node.Id));
        var client = MeasuredProgram.OfThis("client", "ask", _store, Text(InFlight), Text(Actors), Text(WarmUp), Text(seconds), bool.TrueString);
        await client.Run();
        var report = JsonSerializer.Deserialize<ClientReport>(client.Output)!;
        _turns += report.Turns;

        // Server and node are counted from the warming up on, so their share is that of the measured time.
        var share = report.Seconds / (report.Seconds + WarmUp);
        var used = ((ProcessorTime.OfServer(_postmaster) - server + ProcessorTime.Of(_node.Id) - node) * share) + report.Processor;
        var dead = (long)await Scalar(_store, "SELECT n_dead_tup FROM pg_stat_user_tables WHERE relid = 'latecomer.mailbox'::regclass");
        return new Window(_turns, dead, report.Asks / report.Seconds, used / report.Asks, report.P99, await TimePoll());
    }

    /// <summary>Milliseconds that it takes to find out whether shards have mail while none has: the best of some.</summary>
    private async Task<double> TimePoll()
    {
        await using var connection = new NpgsqlConnection($"{_store};Pooling=false");
        await connection.OpenAsync();
        await using var poll = new NpgsqlCommand(
            "SELECT count(*) FROM generate_series(0, 255) AS s WHERE EXISTS (SELECT 1 FROM latecomer.mailbox AS w WHERE w.shard = s)", connection);
        var best = double.MaxValue;
        for (var i = 0; i < Polls; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await poll.ExecuteScalarAsync();
            best = Math.Min(best, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        return best;
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    private static async Task<object> Scalar(string store, string sql)
    {
        await using var connection = new NpgsqlConnection($"{store};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 300 };
        return await command.ExecuteScalarAsync() ?? "";
    }

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>What was found in a time.</summary>
    /// <param name="TurnsSoFar">Turns since the beginning, those of warming up left out.</param>
    /// <param name="DeadMail">Messages that are gone and not cleaned up.</param>
    /// <param name="MarksPerSecond">Asks that were answered.</param>
    /// <param name="PerMark">Seconds of processor time for each: server, node and client.</param>
    /// <param name="P99">Milliseconds.</param>
    /// <param name="Poll">Milliseconds to ask of every shard whether it has mail.</param>
    internal sealed record Window(long TurnsSoFar, long DeadMail, double MarksPerSecond, double PerMark, double P99, double Poll);
}
