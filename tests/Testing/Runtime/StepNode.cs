using Latecomer.Runtime;

namespace Latecomer.Tests.Testing.Runtime;

/// <summary>A node made of the runtime's steps, each made by the test: nothing happens by itself.</summary>
public sealed class StepNode
{
    public StepNode(IRuntimeStore store, TimeProvider time, string name = "node", int life = 1, RuntimeSettings? settings = null, params IActivityHandler[] handlers)
    {
        var self = new NodeRegistration(new Incarnation(new Guid((int)StableHash.Of(name), (short)life, 0, new byte[8])), name, "", "1.0");
        Services = new NodeServices(self, store, Toys.Catalog, Hints, time, Observer, settings ?? new RuntimeSettings());
        Membership = new Membership(Services);
        Owned = new OwnedShards(Services);
        Allocation = new Allocation(Services, Owned);
        Pump = new ActivityPump(Services, handlers);
        Edge = new RequestEdge(store, Toys.Catalog, Hints, time, Services.Settings);
    }

    public NodeServices Services { get; }

    public Membership Membership { get; }

    public OwnedShards Owned { get; }

    public Allocation Allocation { get; }

    public ActivityPump Pump { get; }

    public RequestEdge Edge { get; }

    public LocalHints Hints { get; } = new();

    public RecordingObserver Observer { get; } = new();

    public IRuntimeStore Store => Services.Store;

    /// <summary>Joins, and takes all shards that it should have.</summary>
    public async Task<StepNode> Begin()
    {
        (await Membership.Join(default)).ShouldBeTrue();
        await Allocate();
        return this;
    }

    /// <summary>Rounds of allocation until there is nothing more to move.</summary>
    public async Task Allocate()
    {
        while ((await Allocation.Round(default)).Unfinished)
        {
        }
    }

    /// <summary>Puts a message into an actor's mailbox as if an actor had sent it.</summary>
    public Task Send(ActorId to, object message) => Send(Spool, (to, message));

    public async Task Send(ActorId from, params (ActorId To, object Message)[] mail)
    {
        var shard = Toys.Catalog.ShardOf(from);
        var batch = new TurnBatch(Owned.Find(shard)!.Lease, await Store.Membership.Now(default));
        batch.Sends.AddRange(mail.Select(m => new NewMail(m.To, Toys.Catalog.ShardOf(m.To), from, Toys.Catalog.BehaviorOf(m.To).WriteMessage(m.Message), "test")));
        (await Store.Turns.Commit(batch, default)).ShouldBe(CommitOutcome.Committed);
    }

    /// <summary>Puts a request into the store and waits for nothing.</summary>
    public async Task<RequestId> Ask(ActorId to, Func<RequestId, object> message, string id = "request")
    {
        var request = Toys.Request(id);
        (await Edge.Submit(request, to, message(request), default)).ShouldBeOfType<SubmitOutcome.Accepted>();
        return request;
    }

    public ShardProcessor ProcessorOf(ActorId actor) => Owned.Find(Toys.Catalog.ShardOf(actor))!;

    public ValueTask<BatchResult> RunBatch(ActorId actor) => ProcessorOf(actor).RunBatch(default);

    /// <summary>Batches of every shard, until none has anything to do.</summary>
    public async Task RunAll()
    {
        while ((await Store.Turns.Ready(Owned.Shards, default)).Shards is { Count: > 0 } ready)
        {
            foreach (var shard in ready)
            {
                await Owned.Find(shard)!.RunBatch(default);
            }
        }
    }

    /// <summary>Claims what waits, runs it to its end, and reports that.</summary>
    public async Task RunActivities()
    {
        foreach (var activity in await Pump.Claim(Owned.Shards, default))
        {
            if (await Pump.Run(activity) is { } ended)
            {
                await Pump.Complete(activity, ended, default);
            }
        }
    }

    public async Task<CounterState> Counter(string key)
    {
        var images = await Store.Turns.LoadStates(Toys.Catalog.ShardOf(CounterActor.Id(key)), [CounterActor.Id(key)], default);
        return images is [var image] ? DurableJson.Read<CounterState>(image.Body) : new CounterState(0, []);
    }

    private static ActorId Spool { get; } = CounterActor.Id("spool");
}
