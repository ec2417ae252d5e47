using Latecomer.Runtime;

namespace Latecomer.Tests.Simulation;

/// <summary>A store behind a gate: as one process reaches it.</summary>
internal sealed class GatedStore(IRuntimeStore inner, IStoreGate gate) : IRuntimeStore
{
    public IMembershipStore Membership { get; } = new GatedMembership(inner.Membership, gate);

    public ILeaseStore Leases { get; } = new GatedLeases(inner.Leases, gate);

    public ITurnStore Turns { get; } = new GatedTurns(inner.Turns, gate);

    public IActorStore Actors => inner.Actors;

    public IRequestStore Requests { get; } = new GatedRequests(inner.Requests, gate);

    public IActivityStore Activities { get; } = new GatedActivities(inner.Activities, gate);

    public IProjectionStore Projections { get; } = new GatedProjections(inner.Projections, gate);

    public IJournalStore Journal { get; } = new GatedJournal(inner.Journal, gate);

    public IDeadLetterStore DeadLetters => inner.DeadLetters;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class GatedMembership(IMembershipStore inner, IStoreGate gate) : IMembershipStore
    {
        public ValueTask<DateTimeOffset> Now(CancellationToken cancellation) => gate.Through("now", () => inner.Now(cancellation));

        public ValueTask<bool> Join(NodeRegistration node, TimeSpan lifetime, CancellationToken cancellation) =>
            gate.Through("join", () => inner.Join(node, lifetime, cancellation));

        public ValueTask<bool> Renew(Incarnation node, TimeSpan lifetime, CancellationToken cancellation) =>
            gate.Through("renew", () => inner.Renew(node, lifetime, cancellation));

        public async ValueTask Drain(Incarnation node, CancellationToken cancellation) =>
            await gate.Through("drain", () => Nothing(inner.Drain(node, cancellation)));

        public async ValueTask Leave(Incarnation node, CancellationToken cancellation) =>
            await gate.Through("leave", () => Nothing(inner.Leave(node, cancellation)));

        public ValueTask<IReadOnlyList<NodeStatus>> List(CancellationToken cancellation) => gate.Through("nodes", () => inner.List(cancellation));

        private static async ValueTask<bool> Nothing(ValueTask call)
        {
            await call;
            return true;
        }
    }

    private sealed class GatedLeases(ILeaseStore inner, IStoreGate gate) : ILeaseStore
    {
        public ValueTask<IReadOnlyList<ShardOwnership>> List(CancellationToken cancellation) => gate.Through("leases", () => inner.List(cancellation));

        public ValueTask<IReadOnlyList<Lease>> TakeOver(IReadOnlyCollection<ShardOwnership> seen, Incarnation node, CancellationToken cancellation) =>
            gate.Through("takeover", () => inner.TakeOver(seen, node, cancellation));

        public ValueTask<IReadOnlyList<Lease>> Release(IReadOnlyCollection<Lease> leases, CancellationToken cancellation) =>
            gate.Through("release", () => inner.Release(leases, cancellation));
    }

    private sealed class GatedTurns(ITurnStore inner, IStoreGate gate) : ITurnStore
    {
        public async ValueTask<ShardWork> ReadWork(ShardId shard, int perActor, int limit, CancellationToken cancellation) =>
            gate.Reorder(await gate.Through("read", () => inner.ReadWork(shard, perActor, limit, cancellation)));

        public ValueTask<ReadyShards> Ready(IReadOnlyCollection<ShardId> shards, CancellationToken cancellation) =>
            gate.Through("poll", () => inner.Ready(shards, cancellation));

        public ValueTask<int> Waiting(int atMost, CancellationToken cancellation) => gate.Through("count waiting", () => inner.Waiting(atMost, cancellation));

        public ValueTask<IReadOnlyList<StateImage>> LoadStates(ShardId shard, IReadOnlyCollection<ActorId> actors, CancellationToken cancellation) =>
            gate.Through("load", () => inner.LoadStates(shard, actors, cancellation));

        public ValueTask<bool> CountAttempts(Lease lease, IReadOnlyCollection<long> mail, IReadOnlyCollection<TimerKey> timers, CancellationToken cancellation) =>
            gate.Through("count", () => inner.CountAttempts(lease, mail, timers, cancellation));

        public ValueTask<CommitOutcome> Commit(TurnBatch batch, CancellationToken cancellation) =>
            gate.Through("commit", () => inner.Commit(batch, cancellation));
    }

    private sealed class GatedRequests(IRequestStore inner, IStoreGate gate) : IRequestStore
    {
        public ValueTask<SubmitOutcome> Submit(NewRequest request, CancellationToken cancellation) =>
            gate.Through("submit", () => inner.Submit(request, cancellation));

        public ValueTask<SubmitOutcome> Record(DecidedRequest request, CancellationToken cancellation) =>
            gate.Through("record", () => inner.Record(request, cancellation));

        public ValueTask<SubmitOutcome?> Find(RequestId request, string hash, CancellationToken cancellation) =>
            gate.Through("find request", () => inner.Find(request, hash, cancellation));

        public ValueTask<StoredReply?> FindReply(RequestId request, CancellationToken cancellation) =>
            gate.Through("find reply", () => inner.FindReply(request, cancellation));

        public ValueTask<int> Expire(DateTimeOffset now, TimeSpan kept, int limit, CancellationToken cancellation) =>
            gate.Through("expire", () => inner.Expire(now, kept, limit, cancellation));
    }

    private sealed class GatedProjections(IProjectionStore inner, IStoreGate gate) : IProjectionStore
    {
        public ValueTask<ProjectionRow?> Get(string projection, string key, CancellationToken cancellation) => inner.Get(projection, key, cancellation);

        public ValueTask<IReadOnlyList<ProjectionRow>> List(string projection, string prefix, string? after, int limit, CancellationToken cancellation) =>
            inner.List(projection, prefix, after, limit, cancellation);

        public ValueTask<int> RemoveRetired(DateTimeOffset before, int limit, CancellationToken cancellation) =>
            gate.Through("remove history", () => inner.RemoveRetired(before, limit, cancellation));
    }

    private sealed class GatedJournal(IJournalStore inner, IStoreGate gate) : IJournalStore
    {
        public ValueTask<Guid> Identity(CancellationToken cancellation) => inner.Identity(cancellation);

        public ValueTask<IReadOnlyList<JournalHead>> Heads(CancellationToken cancellation) => inner.Heads(cancellation);

        public ValueTask<IReadOnlyList<JournalEntry>> ReadActor(ShardId shard, ActorId actor, long before, int limit, CancellationToken cancellation) =>
            inner.ReadActor(shard, actor, before, limit, cancellation);

        public ValueTask<JournalPage> Read(ShardId shard, long after, int limit, CancellationToken cancellation) => inner.Read(shard, after, limit, cancellation);

        public ValueTask<JournalTrim?> Trim(Lease lease, DateTimeOffset before, int limit, CancellationToken cancellation) =>
            gate.Through("trim", () => inner.Trim(lease, before, limit, cancellation));
    }

    private sealed class GatedActivities(IActivityStore inner, IStoreGate gate) : IActivityStore
    {
        public ValueTask<IReadOnlyList<ActivityAssignment>> Claim(
            IReadOnlyCollection<ShardId> shards, Incarnation worker, IReadOnlyCollection<ActivityKey> running, int limit, CancellationToken cancellation) =>
            gate.Through("claim", () => inner.Claim(shards, worker, running, limit, cancellation));

        public ValueTask<IReadOnlyList<ActivityKey>> CancelRequested(Incarnation worker, CancellationToken cancellation) =>
            gate.Through("cancels", () => inner.CancelRequested(worker, cancellation));

        public ValueTask<bool> Complete(ActivityAssignment assignment, Incarnation worker, SerializedMessage ended, CancellationToken cancellation) =>
            gate.Through("complete", () => inner.Complete(assignment, worker, ended, cancellation));

        public ValueTask<IReadOnlyList<ActivityStatus>> List(CancellationToken cancellation) => gate.Through("activities", () => inner.List(cancellation));
    }
}
