using Latecomer.Actors;
using Latecomer.Runtime;
using Latecomer.Tests.Simulation;
using Latecomer.Tests.Testing;
using Npgsql;

namespace Latecomer.Tests.Nemesis;

/// <summary>All that goes wrong.</summary>
internal sealed class FaultCatalog(TestCluster cluster, ClientHistory history)
{
    /// <summary>Longer than a node lives without renewing.</summary>
    private const int ShortestPause = 6000;
    private const int LongestPause = 10_000;

    /// <summary>What nodes say of the time of day has no parts of seconds, and is a second old.</summary>
    private static readonly TimeSpan ClockPrecision = TimeSpan.FromSeconds(2.5);

    private static readonly string[] PoisonedKinds = ["Partition/stamps/2024-01-02T00:00:00Z", "Partition/summary/2024-01-03T00:00:00Z", "Pipeline/summary", "Backfill/stamps", "Marking/summary"];

    private int _poisoned;

    public IReadOnlyList<Fault> All =>
    [
        new("kills", 6, true, Kill),
        new("pauses", 4, true, Pause),
        new("pauses with a turn under way", 4, true, PauseWithTurn),
        new("terminated backends", 4, false, TerminateBackends),
        new("crashes of PostgreSQL", 2, false, random => Restart(crash: true)),
        new("restarts of PostgreSQL", 2, false, random => Restart(crash: false)),
        new("cuts", 3, false, random => Link(random, LinkState.Cut, 500, 8000)),
        new("black holes", 3, false, random => Link(random, LinkState.Silent, 500, 8000)),
        new("slow links", 2, false, random => Link(random, LinkState.Slow, 2000, 6000)),
        new("lost hints", 2, false, LoseHints),
        new("deaths of all nodes", 1, true, KillAll),
        new("held horizons", 1, false, HoldHorizon),
        new("starved pools", 2, true, StarvePool),
        new("used up connections", 1, false, UseUpConnections),
        new("poisoned messages", 2, true, Poison),
        new("rolling restarts", 1, true, RollingRestart),
        new("stops", 2, true, Stop),
        new("doubled hints", 4, false, DoubleHints),
        .. cluster.Nodes.All(n => n.Clock is not null) ? [new Fault("skewed clocks", 4, false, SkewClock)] : Array.Empty<Fault>(),
    ];

    /// <summary>Calls with hints that arrived once more than they were made.</summary>
    public int HintsSaidAgain { get; private set; }

    /// <summary>Times at which a node that was put off said a time that was off.</summary>
    public int ClocksSeenOff { get; private set; }

    private Task Kill(SeededRandom random) => KillFor(random.Pick(cluster.Nodes), random.Between(0, 7000));

    private async Task KillFor(ClusterNode node, int milliseconds, int pool = 8)
    {
        history.Write($"kills {node.Name} for {milliseconds} ms");
        await node.Kill();
        await Task.Delay(milliseconds);
        await node.Start(pool);
    }

    private async Task KillAll(SeededRandom random) => await Task.WhenAll(cluster.Nodes.Select(n => KillFor(n, 0)));

    private async Task StarvePool(SeededRandom random) => await KillFor(random.Pick(cluster.Nodes), random.Between(0, 1000), pool: 2);

    private async Task Pause(SeededRandom random)
    {
        var node = random.Pick(cluster.Nodes);
        var time = random.Between(ShortestPause, LongestPause);
        history.Write($"pauses {node.Name} for {time} ms");
        await node.Pause();
        await Task.Delay(time);
        await node.Resume();
    }

    /// <summary>The batch, or its end, reaches the server when the node has long been taken for dead.</summary>
    private async Task PauseWithTurn(SeededRandom random)
    {
        var node = random.Pick(cluster.Nodes);
        var time = random.Between(ShortestPause, LongestPause);
        var turn = node.Database.HoldNextTurn(beforeCommit: random.Half());
        await Task.WhenAny(turn.Reached, Task.Delay(TimeSpan.FromSeconds(2)));
        history.Write($"pauses {node.Name} for {time} ms{(turn.Reached.IsCompleted ? " with a turn under way" : "")}");
        await node.Pause();
        await Task.Delay(time);
        node.Database.HoldNone();
        turn.Release();
        await Task.Delay(random.Between(0, 500));
        await node.Resume();
    }

    private async Task TerminateBackends(SeededRandom random)
    {
        var of = random.Between(1, 4);
        history.Write($"terminates one of {of} backends");
        await cluster.Sql($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'latecomer' AND pid % {of} = 0");
    }

    private async Task Restart(bool crash)
    {
        history.Write($"PostgreSQL {(crash ? "crashes" : "is restarted")}");
        await cluster.Server.Restart(crash);
    }

    private async Task Link(SeededRandom random, LinkState state, int least, int most)
    {
        var node = random.Pick(cluster.Nodes);
        var time = random.Between(least, most);
        history.Write($"between {node.Name} and PostgreSQL: {state} for {time} ms");
        node.Database.Become(state);
        await Task.Delay(time);
        node.Database.Become(LinkState.Open);
    }

    private async Task LoseHints(SeededRandom random)
    {
        var state = random.Half() ? LinkState.Cut : LinkState.Silent;
        var time = random.Between(2000, 6000);
        history.Write($"between the nodes: {state} for {time} ms");
        foreach (var node in cluster.Nodes)
        {
            node.Others.Become(state);
        }

        await Task.Delay(time);
        foreach (var node in cluster.Nodes)
        {
            node.Others.Become(LinkState.Open);
        }
    }

    /// <summary>Every hint between nodes comes again, once or twice, at once or later.</summary>
    private async Task DoubleHints(SeededRandom random)
    {
        var time = random.Between(3000, 8000);
        history.Write($"between the nodes: each hint again for {time} ms");
        using var end = new CancellationTokenSource();
        var echo = new HintEcho(random.Fork(), end.Token);
        foreach (var node in cluster.Nodes)
        {
            node.Others.Echo = echo;
        }

        await Task.Delay(time);
        foreach (var node in cluster.Nodes)
        {
            node.Others.Echo = null;
        }

        await end.CancelAsync();
        HintsSaidAgain += echo.Said;
    }

    /// <summary>A node's time of day is off, to and fro, while it runs, and then right again.</summary>
    private async Task SkewClock(SeededRandom random)
    {
        var node = random.Pick(cluster.Nodes);
        for (var jumps = random.Between(1, 3); jumps > 0; jumps--)
        {
            var by = TimeSpan.FromSeconds(random.Pick([3, 30, 600, 3 * 3600, 7 * 86_400]) * (random.Half() ? 1 : -1));
            history.Write($"the clock of {node.Name} is off by {by}");
            node.Clock!.PutOff(by);
            await Task.Delay(random.Between(1500, 6000));
            ClocksSeenOff += await node.ReadsClock() is { } read && (read - DateTimeOffset.UtcNow - by).Duration() < ClockPrecision ? 1 : 0;
        }

        node.Clock!.PutOff(TimeSpan.Zero);
    }

    /// <summary>Somebody's transaction sees an old state, so that what is deleted meanwhile stays.</summary>
    private async Task HoldHorizon(SeededRandom random)
    {
        var time = random.Between(5000, 15_000);
        history.Write($"holds the horizon for {time} ms");
        await using var connection = await cluster.Connect();
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        await using var look = new NpgsqlCommand("SELECT count(*) FROM latecomer.mailbox", connection, transaction);
        await look.ExecuteScalarAsync();
        await Task.Delay(time);
    }

    private async Task UseUpConnections(SeededRandom random)
    {
        history.Write("uses up the connections");
        var taken = new List<NpgsqlConnection>();
        try
        {
            while (taken.Count < TestCluster.Connections)
            {
                taken.Add(await cluster.Connect());
            }
        }
        catch (NpgsqlException)
        {
            // All are taken.
        }

        await Task.Delay(random.Between(1000, 3000));
        foreach (var connection in taken)
        {
            await connection.DisposeAsync();
        }
    }

    /// <summary>A message that nobody can read, to an actor that is busy: as a request, it is answered, and the actor goes on; as from an actor, its receiver stands
    /// still until a person, here we, discards it.</summary>
    private async Task Poison(SeededRandom random)
    {
        var to = ActorId.Parse(random.Pick(PoisonedKinds));
        var isRequest = random.Half();
        var id = $"{TransactionReplay.Poison}-{++_poisoned}";
        history.Write($"poisons {to}{(isRequest ? "" : " as from an actor")}");
        await cluster.Sql($"""
            {(isRequest ? $"INSERT INTO latecomer.request (id, hash, expires_at) VALUES ('{id}', '{id}', latecomer.clock(0) + 864000000000);" : "")}
            INSERT INTO latecomer.mailbox (id, shard, actor, type, schema_version, body, cause, attempts, request)
            VALUES (nextval('latecomer.number'), {ActorIds.Catalog().ShardOf(to).Number}, '{to}', '{TransactionReplay.Poison}', 1, '\x7b7d', 'request:{id}', 0, {(isRequest ? $"'{id}'" : "NULL")});
            """);
        if (!await cluster.Until($"EXISTS (SELECT 1 FROM latecomer.dead_letter WHERE cause = 'request:{id}')", Liveness.Bound))
        {
            throw new InvalidOperationException($"{id} was not set aside within {Liveness.Bound.TotalSeconds} s");
        }

        await cluster.Sql($"DELETE FROM latecomer.dead_letter WHERE cause = 'request:{id}' AND suspends");
    }

    private async Task RollingRestart(SeededRandom random)
    {
        history.Write("a rolling restart");
        foreach (var node in cluster.Nodes)
        {
            await StopAndStart(node, 0);
        }
    }

    private Task Stop(SeededRandom random) => StopAndStart(random.Pick(cluster.Nodes), random.Between(0, 5000));

    private async Task StopAndStart(ClusterNode node, int milliseconds)
    {
        history.Write($"stops {node.Name} for {milliseconds} ms");
        var code = await node.Stop();
        if (code != 0)
        {
            throw new InvalidOperationException($"{node.Name} ended with {code} when it was told to stop");
        }

        await Task.Delay(milliseconds);
        await node.Start();
    }
}
