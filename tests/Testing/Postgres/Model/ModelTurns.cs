using Latecomer.Runtime;
using Latecomer.Runtime.Postgres;
using Npgsql;

namespace Latecomer.Tests.Testing.Postgres.Model;

/// <summary>The transactions and queries of <c>PostgresTurns</c>, gathered by its own <see cref="Gathering{TCall, TResult}"/>.</summary>
internal sealed class ModelTurns : ITurnStore
{
    private readonly ModelConnection _connection;
    private readonly IModelWatch _watch;
    private readonly Gathering<TurnBatch, CommitOutcome> _commits;
    private readonly MailboxFloors _floors;

    public ModelTurns(ModelConnection connection, IModelWatch watch, ModelGroups groups)
    {
        (_connection, _watch) = (connection, watch);

        // Far more often than the store, so that a few turns meet many floors.
        _floors = new MailboxFloors(new ModelFloors(connection).Look, connection.Database.Time) { EveryMessages = 4, Every = TimeSpan.FromMilliseconds(200) };
        _commits = new Gathering<TurnBatch, CommitOutcome>((batches, _) => Commit(batches))
        {
            Apart = b => b.Lease.Shard,
            Weight = b => b.Consumed.Count + b.Fired.Count,
            AtOnce = groups.AtOnce,
            Limit = groups.TurnsTogether,
        };
    }

    private ModelDatabase Database => _connection.Database;

    /// <summary>Inserts mail. Its id is given now, whoever commits first; who is given one has a transaction id, of which <see cref="MailboxFloors"/> makes use.</summary>
    public static ValueTask Deliver(ModelTransaction t, ShardId shard, Func<long, Mail> mail)
    {
        if (t.Id is null)
        {
            throw new InvalidOperationException($"{t} draws a number of mail before it has a transaction id.");
        }

        var id = t.Database.NextNumber();
        return t.Insert(t.Database.TablesOf(shard).Mailbox.At(id), mail(id));
    }

    public async ValueTask<ShardWork> ReadWork(ShardId shard, int perActor, int limit, CancellationToken cancellation)
    {
        var tables = Database.TablesOf(shard);
        var floor = _floors.Of([shard.Number])[0];
        var (mail, timers, suspended, newest, now) = await _connection.Run("read", async t =>
        {
            await t.Next("reading mail");
            var found = Mailbox(t, shard, floor).Where(m => !IsSuspended(t, shard, m.To)).Take(limit).ToList();
            await t.Next("reading timers");
            var at = t.Clock;
            var due = tables.Timers.Rows.Select(t.Visible).OfType<DueTimer>().Where(d => d.Due <= at && !IsSuspended(t, shard, d.Key.Actor))
                .OrderBy(d => d.Due).ThenBy(d => d.Key.Generation).Take(limit).ToList();
            await t.Next("reading who is suspended");
            var set = Database.DeadLetters.Rows.Select(t.Visible).OfType<ModelDeadLetter>().Where(d => d.Shard == shard && d.Letter.Suspends).Select(d => d.Letter.To).ToHashSet();
            await t.Next("asking for the newest");
            return (found, due, set, tables.Mailbox.Last(t)?.Id ?? 0, at);
        });
        if (mail.Count == limit)
        {
            mail = await _connection.Ask(
                "read of each actor's", t => FirstOfEach(Mailbox(t, shard, floor).Where(m => !IsSuspended(t, shard, m.To)), perActor).Take(limit).ToList());
        }

        var fair = FirstOfEach(mail, perActor).ToList();
        var work = new ShardWork(now, fair, timers, Math.Max(newest, fair.Count > 0 ? fair[^1].Id : 0)) { Suspended = suspended };
        _watch.Read(work);
        return work;
    }

    public ValueTask<ReadyShards> Ready(IReadOnlyCollection<ShardId> shards, CancellationToken cancellation)
    {
        var floors = _floors.Of([.. shards.Select(s => s.Number)]);
        return _connection.Ask("poll", t => Ready(t, shards, floors));
    }

    public ValueTask<int> Waiting(int atMost, CancellationToken cancellation) => _connection.Ask(
        "count of mail", t => Database.AllTables.SelectMany(tables => tables.Mailbox.Rows).Select(t.Visible).OfType<Mail>().Take(atMost).Count());

    public ValueTask<IReadOnlyList<StateImage>> LoadStates(ShardId shard, IReadOnlyCollection<ActorId> actors, CancellationToken cancellation) =>
        _connection.Ask<IReadOnlyList<StateImage>>(
            "load", t => [.. actors.Select(Database.TablesOf(shard).States.Find).OfType<Row<StateImage>>().Select(t.Visible).OfType<StateImage>()]);

    public async ValueTask<bool> CountAttempts(Lease lease, IReadOnlyCollection<long> mail, IReadOnlyCollection<TimerKey> timers, CancellationToken cancellation)
    {
        try
        {
            return await _connection.Run(
                "count",
                async t =>
                {
                    await t.Next("begin");
                    await Fence.Pass(t, [lease]);
                    await TurnStatements.CountAttempts(t, [.. mail.Select(id => (lease.Shard.Number, id))], [.. timers.Select(key => (lease.Shard.Number, key))]);
                    return true;
                },
                Database.Weakness == Weakness.RepeatableRead);
        }
        catch (StoreFaultException fault) when (ModelConnection.CodeOf(fault) == SqlState.LeaseLost)
        {
            return false;
        }
    }

    public async ValueTask<CommitOutcome> Commit(TurnBatch batch, CancellationToken cancellation)
    {
        try
        {
            var outcome = await _commits.Call(batch, cancellation);
            _floors.Count(batch.Consumed.Count);
            return outcome;
        }
        catch (StoreFaultException fault) when (ModelConnection.CodeOf(fault) == SqlState.LeaseLost)
        {
            return CommitOutcome.LeaseLost;
        }
        catch (StoreFaultException fault) when (ModelConnection.CodeOf(fault) == SqlState.Stale)
        {
            return CommitOutcome.Stale;
        }
        catch (StoreFaultException fault) when (ModelConnection.CodeOf(fault) == SqlState.UniqueViolation && batch.Requests.Count > 0)
        {
            return CommitOutcome.RequestKnown;
        }
        catch (StoreFaultException fault) when (ModelConnection.CodeOf(fault) == SqlState.ActivityRefused)
        {
            var refused = InvalidTurnException.AlreadyStarted(PostgresTurns.RefusedActivity((PostgresException)fault.InnerException!));
            _watch.Refused(refused);
            throw refused;
        }
    }

    private async Task<IReadOnlyList<CommitOutcome>> Commit(IReadOnlyList<TurnBatch> batches)
    {
        try
        {
            return await _connection.Run<IReadOnlyList<CommitOutcome>>(
                batches.Count == 1 ? "turns" : $"turns of {batches.Count} shards",
                async t =>
                {
                    await t.Next("begin");
                    await TurnStatements.Run(t, batches);
                    t.AfterCommit(() => Committed(batches));
                    return [.. batches.Select(_ => CommitOutcome.Committed)];
                },
                Database.Weakness == Weakness.RepeatableRead);
        }
        catch (StoreFaultException fault) when (batches.Count > 1)
        {
            Database.Noticed(PostgresFault.IsOfOneCall(fault) ? "groups tried apart" : "groups of which nobody knows what became of them");
            throw;
        }
    }

    private void Committed(IReadOnlyList<TurnBatch> batches)
    {
        if (batches.Count > 1)
        {
            Database.Noticed("groups of shards that shared a transaction");
        }

        foreach (var batch in batches)
        {
            _watch.Committed(batch);
        }
    }

    private ReadyShards Ready(ModelTransaction t, IEnumerable<ShardId> shards, IEnumerable<long> floors)
    {
        var now = t.Clock;
        DateTimeOffset? next = null;
        var ready = new List<ShardId>();
        foreach (var (shard, floor) in shards.Zip(floors))
        {
            var timers = Database.TablesOf(shard).Timers.Rows.Select(t.Visible).OfType<DueTimer>();
            var isDue = false;
            foreach (var timer in timers)
            {
                isDue |= timer.Due <= now && !IsSuspended(t, shard, timer.Key.Actor);
                next = timer.Due > now && !(timer.Due >= next) ? timer.Due : next;
            }

            if (isDue || Mailbox(t, shard, floor).Any(m => !IsSuspended(t, shard, m.To)))
            {
                ready.Add(shard);
            }
        }

        return new ReadyShards(now, ready, next);
    }

    private static IEnumerable<Mail> FirstOfEach(IEnumerable<Mail> mail, int perActor)
    {
        var counts = new Dictionary<ActorId, int>();
        return mail.Where(m => (counts[m.To] = counts.GetValueOrDefault(m.To) + 1) <= perActor);
    }

    private bool IsSuspended(ModelTransaction t, ShardId shard, ActorId actor) =>
        Database.DeadLetters.Rows.Select(t.Visible).Any(d => d is not null && d.Shard == shard && d.Letter.To == actor && d.Letter.Suspends);

    /// <summary>The mail of a shard above a floor, as a statement sees it, in the order of ids.</summary>
    private IEnumerable<Mail> Mailbox(ModelTransaction t, ShardId shard, long floor) =>
        Database.TablesOf(shard).Mailbox.Rows.Select(t.Visible).OfType<Mail>().Where(m => m.Id > floor);
}
