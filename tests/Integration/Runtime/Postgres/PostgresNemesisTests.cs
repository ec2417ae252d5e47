using Latecomer.Runtime;
using Latecomer.Runtime.Postgres;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.Postgres;
using Latecomer.Tests.Testing.Runtime;

namespace Latecomer.Tests.Integration.Runtime.Postgres;

/// <summary>Nodes with their loops, each with a store and a wire of its own, by the real clock, while connections are ended, answers to commits
/// are lost, and a node is cut off for good: each accepted message has one effect.</summary>
public sealed class PostgresNemesisTests : IAsyncLifetime
{
    private const int Clients = 2;
    private const int Counters = 5;
    private const int TurnsBetweenFaults = 20;

    private static readonly string[] Names = ["a", "b", "c"];

    private static readonly RuntimeSettings Hasty = new()
    {
        Heartbeat = TimeSpan.FromMilliseconds(100),
        Lifetime = TimeSpan.FromMilliseconds(1500),
        WatchdogMargin = TimeSpan.FromMilliseconds(200),
        AllocationInterval = TimeSpan.FromMilliseconds(100),
    };

    private readonly LocalHints _hints = new();
    private readonly RecordingObserver _observer = new();
    private readonly List<Wire> _wires = [];
    private readonly List<PostgresRuntimeStore> _stores = [];
    private readonly List<RuntimeNode> _nodes = [];
    private readonly CancellationTokenSource _patience = new(Liveness.Bound);
    private TestDatabase _database = null!;
    private PostgresRuntimeStore _store = null!;
    private RequestEdge _edge = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.Rent();
        _store = await PostgresRuntimeStore.Open(_database.ConnectionString, default);
        _stores.Add(_store);
        _edge = new RequestEdge(_store, Toys.Catalog, _hints, TimeProvider.System, Hasty);
        foreach (var name in Names)
        {
            await StartNode(name);
        }
    }

    public async Task DisposeAsync()
    {
        await Task.WhenAll(_nodes.Select(n => n.Kill()));
        _edge.Dispose();
        foreach (var store in _stores)
        {
            await store.DisposeAsync();
        }

        foreach (var wire in _wires)
        {
            await wire.DisposeAsync();
        }

        _patience.Dispose();
        await _database.Return();
    }

    [Fact]
    public async Task Each_accepted_message_has_one_effect_whatever_becomes_of_connections()
    {
        var faults = Break();
        var asked = await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Spread(client, faults)));
        await faults;
        var expected = asked.Sum();
        for (var i = 0; i < Counters; i++)
        {
            var counter = CounterActor.Id($"c{i}");
            await UntilSumIs(counter, expected);
            var entries = await _store.Journal.Entries(Toys.Catalog.ShardOf(counter), 0, int.MaxValue, default);
            entries.Select(e => e.Position).ShouldBe(Enumerable.Range(1, entries.Count).Select(p => (long)p));
            entries.Where(e => e.Actor == counter).Select(e => e.Revision).ShouldBe(Enumerable.Range(1, expected).Select(r => (long)r));
        }

        (await _store.DeadLetters.List(default)).ShouldBeEmpty();
        _observer.Faults.ShouldNotBeEmpty();
    }

    private async Task StartNode(string name)
    {
        var wire = new Wire(_database.ConnectionString);
        var store = await PostgresRuntimeStore.Open(wire.ConnectionString, default);
        var node = new RuntimeNode(new RuntimeNodeOptions
        {
            Name = name,
            Store = store,
            Catalog = Toys.Catalog,
            Handlers = [],
            Hints = _hints,
            Time = TimeProvider.System,
            NewIncarnation = Guid.NewGuid,
            Observer = _observer,
            Settings = Hasty,
        });
        _wires.Add(wire);
        _stores.Add(store);
        _nodes.Add(node);
        await node.Start(_patience.Token);
    }

    private async Task Break()
    {
        var mine = "datname = current_database() AND pid <> pg_backend_pid()";
        Func<Task>[] faults =
        [
            () => Arm(new WireFault.LostAfter()),
            () => _database.Sql($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {mine}"),
            () => Arm(new WireFault.LostBefore()),
            () => Arm(new WireFault.LostAfter()),
            () => _wires[2].Cut(),
            () => _database.Sql($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {mine} AND pid % 2 = 0"),
            () => Arm(new WireFault.LostAfter()),
        ];
        foreach (var fault in faults)
        {
            var turns = Turns(_observer);
            await _observer.Until("some turns between two faults", o => Turns(o) > turns + TurnsBetweenFaults);
            await fault();
        }

        await _observer.Until("the node that was cut off to end by itself", o => o.Ends.Any(e => e.Node == "c"));

        static int Turns(RecordingObserver observer) => observer.TurnsByNode.Values.Sum();
    }

    private Task Arm(WireFault fault)
    {
        _wires.ForEach(wire => wire.Arm(fault));
        return Task.CompletedTask;
    }

    /// <summary>Asks one thing after the other for as long as things break.</summary>
    private async Task<int> Spread(int client, Task faults)
    {
        var asked = 0;
        while (!faults.IsCompleted)
        {
            await Ask($"spread-{client}-{asked++}", FanOutActor.Id("all"), id => new FanOutMessage.Spread("c", Counters, 1, id));
        }

        return asked;
    }

    private async Task UntilSumIs(ActorId counter, long expected)
    {
        for (var i = 0; ; i++)
        {
            var sum = (await Ask($"read-{counter.Key}-{i}", counter, id => new CounterMessage.Read(id))).Sum;
            sum.ShouldBeLessThanOrEqualTo(expected, $"{counter} was told something twice");
            if (sum == expected)
            {
                return;
            }
        }
    }

    /// <summary>Asks again, under the same id, when the store failed.</summary>
    private async Task<Total> Ask(string id, ActorId to, Func<RequestId, object> message)
    {
        while (true)
        {
            try
            {
                var outcome = await _edge.Ask(Toys.Request(id), to, message(Toys.Request(id)), _patience.Token);
                return DurableJson.Read<Total>(outcome.ShouldBeOfType<RequestOutcome.Replied>().Reply.Body!);
            }
            catch (StoreFaultException)
            {
                _patience.Token.ThrowIfCancellationRequested();
            }
        }
    }
}
