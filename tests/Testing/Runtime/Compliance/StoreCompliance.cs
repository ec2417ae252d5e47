using Latecomer.Runtime;

namespace Latecomer.Tests.Testing.Runtime;

/// <summary>What every part of the compliance suite starts with: an empty store, a clock, two nodes, and a shard that the first owns.
/// A store passes the suite by a class of its own for each part.</summary>
public abstract class StoreCompliance<TStore> : IAsyncLifetime
    where TStore : IStoreUnderTest, new()
{
    private readonly TStore _underTest = new();

    protected static ShardId Shard { get; } = new(7);

    protected static ShardId OtherShard { get; } = new(8);

    protected static ActorId Alice { get; } = new("Toy", "alice");

    protected static ActorId Bob { get; } = new("Toy", "bob");

    protected static TimeSpan Lifetime { get; } = TimeSpan.FromSeconds(4);

    protected FakeClock Clock { get; } = new();

    protected IRuntimeStore Store { get; private set; } = null!;

    protected Incarnation First { get; } = new(new Guid(1, 0, 0, new byte[8]));

    protected Incarnation Second { get; } = new(new Guid(2, 0, 0, new byte[8]));

    /// <summary>The first node's lease of <see cref="Shard"/>.</summary>
    protected Lease Lease { get; private set; } = null!;

    protected DateTimeOffset Now => Clock.GetUtcNow();

    public async Task InitializeAsync()
    {
        Store = await _underTest.Open(Clock);
        (await Join(First, "first")).ShouldBeTrue();
        (await Join(Second, "second")).ShouldBeTrue();
        Lease = (await Take(Shard, 0, First)).ShouldNotBeNull();
    }

    public async Task DisposeAsync() => await _underTest.DisposeAsync();

    protected ValueTask<bool> Join(Incarnation node, string name) =>
        Store.Membership.Join(new NodeRegistration(node, name, "http://" + name, "1.0"), Lifetime, default);

    protected async Task<Lease?> Take(ShardId shard, long seen, Incarnation node) =>
        (await Store.Leases.TakeOver([new ShardOwnership(shard, seen, Owner: null)], node, default)).SingleOrDefault();

    /// <summary>Lets the first node expire, and only that one.</summary>
    protected async Task FirstExpires()
    {
        Clock.Advance(Lifetime - TimeSpan.FromSeconds(1));
        (await Store.Membership.Renew(Second, Lifetime, default)).ShouldBeTrue();
        Clock.Advance(TimeSpan.FromSeconds(1));
    }

    protected static SerializedMessage Message(string text) => new("Said", 1, System.Text.Encoding.UTF8.GetBytes($"\"{text}\""));

    protected static string Text(SerializedMessage message) => System.Text.Encoding.UTF8.GetString(message.Body).Trim('"');

    protected static NewMail Mail(string text, ActorId? to = null, ActorId? from = null) => new(to ?? Alice, Shard, from, Message(text), "cause of " + text);

    protected static StateImage Image(long revision, ActorId? actor = null, string text = "state") =>
        new(actor ?? Alice, revision, 1, System.Text.Encoding.UTF8.GetBytes(text));

    protected TurnBatch Batch(Lease? lease = null) => new(lease ?? Lease, Now);

    protected async Task<CommitOutcome> Commit(Action<TurnBatch> fill, Lease? lease = null)
    {
        var batch = Batch(lease);
        fill(batch);
        return await Store.Turns.Commit(batch, default);
    }

    protected async Task Committed(Action<TurnBatch> fill, Lease? lease = null) =>
        (await Commit(fill, lease)).ShouldBe(CommitOutcome.Committed);

    protected Task Send(params NewMail[] mail) => Committed(b => b.Sends.AddRange(mail));

    protected async Task<ShardWork> Work(ShardId? shard = null) => await Store.Turns.ReadWork(shard ?? Shard, 100, 100, default);

    protected async Task<IReadOnlyList<string>> Texts() => [.. (await Work()).Mail.Select(m => Text(m.Message))];

    protected async Task<DueTimer> SetTimer(string name, TimeSpan after, string text = "ring")
    {
        await Committed(b => b.Timers.Add(new NewTimer(Alice, name, Now + after, Message(text), "timer")));
        Clock.Advance(after);
        return (await Work()).Timers.Single(t => t.Key.Name == name);
    }
}
