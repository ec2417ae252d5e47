using Latecomer.Runtime;

namespace Latecomer.Tests.Simulation;

/// <summary>A store that takes batches under any lease.</summary>
internal sealed class UnfencedStore(IRuntimeStore inner) : IRuntimeStore
{
    public IMembershipStore Membership => inner.Membership;

    public ILeaseStore Leases => inner.Leases;

    public ITurnStore Turns { get; } = new UnfencedTurns(inner);

    public IActorStore Actors => inner.Actors;

    public IRequestStore Requests => inner.Requests;

    public IActivityStore Activities => inner.Activities;

    public IProjectionStore Projections => inner.Projections;

    public IJournalStore Journal => inner.Journal;

    public IDeadLetterStore DeadLetters => inner.DeadLetters;

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private sealed class UnfencedTurns(IRuntimeStore inner) : ITurnStore
    {
        public ValueTask<ShardWork> ReadWork(ShardId shard, int perActor, int limit, CancellationToken cancellation) =>
            inner.Turns.ReadWork(shard, perActor, limit, cancellation);

        public ValueTask<ReadyShards> Ready(IReadOnlyCollection<ShardId> shards, CancellationToken cancellation) => inner.Turns.Ready(shards, cancellation);

        public ValueTask<int> Waiting(int atMost, CancellationToken cancellation) => inner.Turns.Waiting(atMost, cancellation);

        public ValueTask<IReadOnlyList<StateImage>> LoadStates(ShardId shard, IReadOnlyCollection<ActorId> actors, CancellationToken cancellation) =>
            inner.Turns.LoadStates(shard, actors, cancellation);

        public async ValueTask<bool> CountAttempts(Lease lease, IReadOnlyCollection<long> mail, IReadOnlyCollection<TimerKey> timers, CancellationToken cancellation) =>
            await inner.Turns.CountAttempts(await Current(lease), mail, timers, cancellation);

        public async ValueTask<CommitOutcome> Commit(TurnBatch batch, CancellationToken cancellation) =>
            await inner.Turns.Commit(batch with { Lease = await Current(batch.Lease) }, cancellation);

        private async ValueTask<Lease> Current(Lease lease)
        {
            var current = (await inner.Leases.List(default)).First(l => l.Shard == lease.Shard);
            return current.Owner is { } owner ? new Lease(lease.Shard, current.Epoch, owner) : lease;
        }
    }
}
