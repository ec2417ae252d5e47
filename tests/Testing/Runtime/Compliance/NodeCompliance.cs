using Latecomer.Runtime;

namespace Latecomer.Tests.Testing.Runtime;

/// <summary>Several nodes with their loops on one store, by the real clock: nothing is lost and nothing happens twice, whoever dies.</summary>
public abstract class NodeCompliance<TStore> : IAsyncLifetime
    where TStore : IStoreUnderTest, new()
{
    private const int Clients = 2;
    private const int Counters = 5;
    private const int Crashes = 3;
    private const int TurnsBetweenCrashes = 20;

    private static readonly RuntimeSettings Hasty = new()
    {
        Heartbeat = TimeSpan.FromMilliseconds(100),
        Lifetime = TimeSpan.FromMilliseconds(1000),
        WatchdogMargin = TimeSpan.FromMilliseconds(200),
        AllocationInterval = TimeSpan.FromMilliseconds(100),
    };

    private readonly TStore _underTest = new();
    private readonly LocalHints _hints = new();
    private readonly RecordingObserver _observer = new();
    private readonly List<RuntimeNode> _nodes = [];
    private readonly CancellationTokenSource _patience = new(Liveness.Bound);
    private IRuntimeStore _store = null!;
    private RequestEdge _edge = null!;

    public async Task InitializeAsync()
    {
        _store = await _underTest.Open(TimeProvider.System);
        _edge = new RequestEdge(_store, Toys.Catalog, _hints, TimeProvider.System, Hasty);
    }

    public async Task DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.Kill();
        }

        _edge.Dispose();
        _patience.Dispose();
        await _underTest.DisposeAsync();
    }

    [Fact]
    public async Task Each_accepted_message_has_one_effect_whichever_node_is_killed()
    {
        await Start("a", "b", "c");
        var crashes = Crash();
        var asked = await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Spread(client, crashes)));
        await crashes;
        var expected = asked.Sum();
        for (var i = 0; i < Counters; i++)
        {
            await UntilSumIs($"c{i}", expected);
        }

        for (var i = 0; i < Counters; i++)
        {
            var entries = await _store.Journal.Entries(Toys.Catalog.ShardOf(CounterActor.Id($"c{i}")), 0, int.MaxValue, default);
            entries.Select(e => e.Position).ShouldBe(Enumerable.Range(1, entries.Count).Select(p => (long)p));
            entries.Count(e => e.Actor == CounterActor.Id($"c{i}")).ShouldBe(expected);
        }

        (await _store.DeadLetters.List(default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_node_that_stops_hands_everything_over_and_leaves()
    {
        await Start("a", "b");
        await _nodes[0].Stop();
        (await _store.Membership.List(default)).Single(n => n.Registration.Name == "a").IsLive(await _store.Membership.Now(default)).ShouldBeFalse();
        (await _store.Leases.List(default)).ShouldAllBe(l => l.Owner != _nodes[0].Incarnation);
        await _observer.Until("the node that stays to own all shards", _ => _nodes[1].Shards.Count == Toys.Catalog.Shards.Count());
        _observer.Ends.ShouldContain(("a", NodeEnd.Stopped));
        (await Ask("after", CounterActor.Id("x"), id => new CounterMessage.Add(1, id))).Sum.ShouldBe(1);
    }

    [Fact]
    public async Task Timers_and_activities_come_back_to_the_actor_that_started_them()
    {
        await Start("a", "b");
        var actor = CounterActor.Id("busy");
        for (var i = 0; i < 10; i++)
        {
            await Submit($"work-{i}", actor, new CounterMessage.Work($"w{i}", "double", i));
            await Submit($"later-{i}", actor, new CounterMessage.AddLater($"t{i}", TimeSpan.FromMilliseconds(i), 1000));
        }

        await UntilSumIs("busy", 10_000 + 90);

        // An end is in the store before the node that reported it is told so.
        await _observer.Until("all ends to be accepted", o => o.Activities.Count >= 10);
        _observer.Activities.Count.ShouldBe(10);
    }

    private async Task Start(params string[] names)
    {
        foreach (var name in names)
        {
            await StartOne(name);
        }
    }

    private async Task StartOne(string name)
    {
        var node = new RuntimeNode(new RuntimeNodeOptions
        {
            Name = name,
            Store = _store,
            Catalog = Toys.Catalog,
            Handlers = [new ToyHandler("double", (input, _) => Task.FromResult(input * 2))],
            Hints = _hints,
            Time = TimeProvider.System,
            NewIncarnation = Guid.NewGuid,
            Observer = _observer,
            Settings = Hasty,
        });
        _nodes.Add(node);
        await node.Start(_patience.Token);
    }

    private async Task Crash()
    {
        for (var i = 0; i < Crashes; i++)
        {
            var turns = Turns(_observer);
            await _observer.Until("some turns between two crashes", o => Turns(o) > turns + TurnsBetweenCrashes);
            var victim = _nodes[i];
            await victim.Kill();
            await StartOne(victim.Name);
        }

        static int Turns(RecordingObserver observer) => observer.TurnsByNode.Values.Sum();
    }

    /// <summary>Asks one thing after the other for as long as nodes crash.</summary>
    private async Task<int> Spread(int client, Task crashes)
    {
        var asked = 0;
        while (!crashes.IsCompleted)
        {
            await Ask($"spread-{client}-{asked++}", FanOutActor.Id("all"), id => new FanOutMessage.Spread("c", Counters, 1, id));
        }

        return asked;
    }

    private async Task UntilSumIs(string counter, long expected)
    {
        for (var i = 0; ; i++)
        {
            var sum = (await Ask($"read-{counter}-{i}", CounterActor.Id(counter), id => new CounterMessage.Read(id))).Sum;
            sum.ShouldBeLessThanOrEqualTo(expected, $"{counter} was told something twice");
            if (sum == expected)
            {
                return;
            }
        }
    }

    private async Task<Total> Ask(string id, ActorId to, Func<RequestId, object> message)
    {
        var outcome = await _edge.Ask(Toys.Request(id), to, message(Toys.Request(id)), _patience.Token);
        return DurableJson.Read<Total>(outcome.ShouldBeOfType<RequestOutcome.Replied>().Reply.Body!);
    }

    private async Task Submit(string id, ActorId to, object message) =>
        (await _edge.Submit(Toys.Request(id), to, message, default)).ShouldBeOfType<SubmitOutcome.Accepted>();
}
