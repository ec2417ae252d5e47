using Latecomer.Runtime;

namespace Latecomer.Tests.Simulation;

/// <summary>Tells a <see cref="StoreWatch"/> what the store has made durable.</summary>
internal sealed class RecordingStore(IRuntimeStore inner, StoreWatch watch) : IRuntimeStore
{
    public IMembershipStore Membership => inner.Membership;

    public ILeaseStore Leases { get; } = new RecordingLeases(inner.Leases, watch);

    public ITurnStore Turns { get; } = new RecordingTurns(inner.Turns, watch);

    public IActorStore Actors => inner.Actors;

    public IRequestStore Requests { get; } = new RecordingRequests(inner.Requests, watch);

    public IActivityStore Activities { get; } = new RecordingActivities(inner.Activities, watch);

    public IProjectionStore Projections => inner.Projections;

    public IJournalStore Journal { get; } = new RecordingJournal(inner.Journal, watch);

    public IDeadLetterStore DeadLetters => inner.DeadLetters;

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private sealed class RecordingLeases(ILeaseStore inner, StoreWatch watch) : ILeaseStore
    {
        public ValueTask<IReadOnlyList<ShardOwnership>> List(CancellationToken cancellation) => inner.List(cancellation);

        public async ValueTask<IReadOnlyList<Lease>> TakeOver(IReadOnlyCollection<ShardOwnership> seen, Incarnation node, CancellationToken cancellation)
        {
            var taken = await inner.TakeOver(seen, node, cancellation);
            watch.Taken(taken);
            return taken;
        }

        public async ValueTask<IReadOnlyList<Lease>> Release(IReadOnlyCollection<Lease> leases, CancellationToken cancellation)
        {
            var released = await inner.Release(leases, cancellation);
            watch.Released(released);
            return released;
        }
    }

    private sealed class RecordingTurns(ITurnStore inner, StoreWatch watch) : ITurnStore
    {
        public async ValueTask<ShardWork> ReadWork(ShardId shard, int perActor, int limit, CancellationToken cancellation)
        {
            var work = await inner.ReadWork(shard, perActor, limit, cancellation);
            watch.Read(work);
            return work;
        }

        public ValueTask<ReadyShards> Ready(IReadOnlyCollection<ShardId> shards, CancellationToken cancellation) => inner.Ready(shards, cancellation);

        public ValueTask<int> Waiting(int atMost, CancellationToken cancellation) => inner.Waiting(atMost, cancellation);

        public ValueTask<IReadOnlyList<StateImage>> LoadStates(ShardId shard, IReadOnlyCollection<ActorId> actors, CancellationToken cancellation) =>
            inner.LoadStates(shard, actors, cancellation);

        public ValueTask<bool> CountAttempts(Lease lease, IReadOnlyCollection<long> mail, IReadOnlyCollection<TimerKey> timers, CancellationToken cancellation) =>
            inner.CountAttempts(lease, mail, timers, cancellation);

        public async ValueTask<CommitOutcome> Commit(TurnBatch batch, CancellationToken cancellation)
        {
            try
            {
                var outcome = await inner.Commit(batch, cancellation);
                if (outcome == CommitOutcome.Committed)
                {
                    watch.Committed(batch);
                }

                return outcome;
            }
            catch (InvalidTurnException fault)
            {
                watch.Refused(fault);
                throw;
            }
        }
    }

    private sealed class RecordingRequests(IRequestStore inner, StoreWatch watch) : IRequestStore
    {
        public async ValueTask<SubmitOutcome> Submit(NewRequest request, CancellationToken cancellation)
        {
            var outcome = await inner.Submit(request, cancellation);
            if (outcome is SubmitOutcome.Accepted)
            {
                watch.Accepted(request);
            }

            return outcome;
        }

        public ValueTask<SubmitOutcome> Record(DecidedRequest request, CancellationToken cancellation) => inner.Record(request, cancellation);

        public ValueTask<SubmitOutcome?> Find(RequestId request, string hash, CancellationToken cancellation) => inner.Find(request, hash, cancellation);

        public ValueTask<StoredReply?> FindReply(RequestId request, CancellationToken cancellation) => inner.FindReply(request, cancellation);

        public ValueTask<int> Expire(DateTimeOffset now, TimeSpan kept, int limit, CancellationToken cancellation) =>
            inner.Expire(now, kept, limit, cancellation);
    }

    private sealed class RecordingJournal(IJournalStore inner, StoreWatch watch) : IJournalStore
    {
        public ValueTask<Guid> Identity(CancellationToken cancellation) => inner.Identity(cancellation);

        public ValueTask<IReadOnlyList<JournalHead>> Heads(CancellationToken cancellation) => inner.Heads(cancellation);

        public ValueTask<IReadOnlyList<JournalEntry>> ReadActor(ShardId shard, ActorId actor, long before, int limit, CancellationToken cancellation) =>
            inner.ReadActor(shard, actor, before, limit, cancellation);

        public ValueTask<JournalPage> Read(ShardId shard, long after, int limit, CancellationToken cancellation) => inner.Read(shard, after, limit, cancellation);

        public async ValueTask<JournalTrim?> Trim(Lease lease, DateTimeOffset before, int limit, CancellationToken cancellation)
        {
            var trim = await inner.Trim(lease, before, limit, cancellation);
            if (trim is not null)
            {
                watch.Trimmed(lease, before, trim.Removed);
            }

            return trim;
        }
    }

    private sealed class RecordingActivities(IActivityStore inner, StoreWatch watch) : IActivityStore
    {
        public ValueTask<IReadOnlyList<ActivityAssignment>> Claim(
            IReadOnlyCollection<ShardId> shards, Incarnation worker, IReadOnlyCollection<ActivityKey> running, int limit, CancellationToken cancellation) =>
            inner.Claim(shards, worker, running, limit, cancellation);

        public ValueTask<IReadOnlyList<ActivityKey>> CancelRequested(Incarnation worker, CancellationToken cancellation) =>
            inner.CancelRequested(worker, cancellation);

        public async ValueTask<bool> Complete(ActivityAssignment assignment, Incarnation worker, SerializedMessage ended, CancellationToken cancellation)
        {
            var accepted = await inner.Complete(assignment, worker, ended, cancellation);
            if (accepted)
            {
                watch.Completed(assignment, ActivityEndedFormat.Read(ended));
            }

            return accepted;
        }

        public ValueTask<IReadOnlyList<ActivityStatus>> List(CancellationToken cancellation) => inner.List(cancellation);
    }
}
