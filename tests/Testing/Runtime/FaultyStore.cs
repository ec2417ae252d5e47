using Latecomer.Runtime;

namespace Latecomer.Tests.Testing.Runtime;

/// <summary>A store that can be told what to do before and after a call, such as to fail.</summary>
public sealed class FaultyStore(IRuntimeStore inner) : IRuntimeStore, ITurnStore, IMembershipStore
{
    /// <summary>Called before each call of the turn and membership ports, by the method's name.</summary>
    public Func<string, ValueTask> Before { get; set; } = _ => ValueTask.CompletedTask;

    /// <summary>Called after each.</summary>
    public Func<string, ValueTask> After { get; set; } = _ => ValueTask.CompletedTask;

    public IMembershipStore Membership => this;

    public ILeaseStore Leases => inner.Leases;

    public ITurnStore Turns => this;

    public IActorStore Actors => inner.Actors;

    public IRequestStore Requests => inner.Requests;

    public IActivityStore Activities => inner.Activities;

    public IProjectionStore Projections => inner.Projections;

    public IJournalStore Journal => inner.Journal;

    public IDeadLetterStore DeadLetters => inner.DeadLetters;

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    public ValueTask<ShardWork> ReadWork(ShardId shard, int perActor, int limit, CancellationToken cancellation) =>
        Around(nameof(ReadWork), () => inner.Turns.ReadWork(shard, perActor, limit, cancellation));

    public ValueTask<ReadyShards> Ready(IReadOnlyCollection<ShardId> shards, CancellationToken cancellation) =>
        Around(nameof(Ready), () => inner.Turns.Ready(shards, cancellation));

    public ValueTask<int> Waiting(int atMost, CancellationToken cancellation) => Around(nameof(Waiting), () => inner.Turns.Waiting(atMost, cancellation));

    public ValueTask<IReadOnlyList<StateImage>> LoadStates(ShardId shard, IReadOnlyCollection<ActorId> actors, CancellationToken cancellation) =>
        Around(nameof(LoadStates), () => inner.Turns.LoadStates(shard, actors, cancellation));

    public ValueTask<bool> CountAttempts(Lease lease, IReadOnlyCollection<long> mail, IReadOnlyCollection<TimerKey> timers, CancellationToken cancellation) =>
        Around(nameof(CountAttempts), () => inner.Turns.CountAttempts(lease, mail, timers, cancellation));

    public ValueTask<CommitOutcome> Commit(TurnBatch batch, CancellationToken cancellation) =>
        Around(nameof(Commit), () => inner.Turns.Commit(batch, cancellation));

    public ValueTask<DateTimeOffset> Now(CancellationToken cancellation) => inner.Membership.Now(cancellation);

    public ValueTask<bool> Join(NodeRegistration node, TimeSpan lifetime, CancellationToken cancellation) =>
        Around(nameof(Join), () => inner.Membership.Join(node, lifetime, cancellation));

    public ValueTask<bool> Renew(Incarnation node, TimeSpan lifetime, CancellationToken cancellation) =>
        Around(nameof(Renew), () => inner.Membership.Renew(node, lifetime, cancellation));

    public ValueTask Drain(Incarnation node, CancellationToken cancellation) => inner.Membership.Drain(node, cancellation);

    public ValueTask Leave(Incarnation node, CancellationToken cancellation) => inner.Membership.Leave(node, cancellation);

    public ValueTask<IReadOnlyList<NodeStatus>> List(CancellationToken cancellation) => inner.Membership.List(cancellation);

    private async ValueTask<T> Around<T>(string call, Func<ValueTask<T>> run)
    {
        await Before(call);
        var result = await run();
        await After(call);
        return result;
    }
}
