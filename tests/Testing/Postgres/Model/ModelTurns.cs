using Latecomer.Runtime;

namespace Latecomer.Tests.Testing.Postgres.Model;

/// <summary>The transactions and queries of <c>PostgresTurns</c>.</summary>
internal sealed class ModelTurns(ModelConnection connection, IModelWatch watch) : ITurnStore
{
    private readonly Dictionary<ShardId, long> _floors = [];

    private ModelDatabase Database => connection.Database;

    /// <summary>Inserts mail. Its id is given now, whoever commits first.</summary>
    public static ValueTask Deliver(ModelTransaction t, ShardId shard, Func<long, Mail> mail)
    {
        var id = t.Database.NextNumber();
        return t.Insert(t.Database.TablesOf(shard).Mailbox.At(id), mail(id));
    }

    public async ValueTask<ShardWork> ReadWork(ShardId shard, int perActor, int limit, CancellationToken cancellation)
    {
        var tables = Database.TablesOf(shard);
        var (mail, timers, newest, now) = await connection.Run("read", async t =>
        {
            await t.Next("reading mail");
            var found = Mailbox(t, shard).Where(m => !IsSuspended(t, shard, m.To)).Take(limit).ToList();
            await t.Next("reading timers");
            var at = t.Clock;
            var due = tables.Timers.Rows.Select(t.Visible).OfType<DueTimer>().Where(d => d.Due <= at && !IsSuspended(t, shard, d.Key.Actor))
                .OrderBy(d => d.Due).ThenBy(d => d.Key.Generation).Take(limit).ToList();
            await t.Next("asking for the newest");
            return (found, due, tables.Mailbox.Last(t)?.Id ?? 0, at);
        });
        if (mail.Count == limit)
        {
            mail = await connection.Ask(
                "read of each actor's", t => FirstOfEach(Mailbox(t, shard).Where(m => !IsSuspended(t, shard, m.To)), perActor).Take(limit).ToList());
        }

        var fair = FirstOfEach(mail, perActor).ToList();
        var work = new ShardWork(now, fair, timers, Math.Max(newest, fair.Count > 0 ? fair[^1].Id : 0));
        watch.Read(work);
        return work;
    }

    public ValueTask<ReadyShards> Ready(IReadOnlyCollection<ShardId> shards, CancellationToken cancellation) => connection.Ask("poll", t =>
    {
        var now = t.Clock;
        DateTimeOffset? next = null;
        var ready = new List<ShardId>();
        foreach (var shard in shards)
        {
            var timers = Database.TablesOf(shard).Timers.Rows.Select(t.Visible).OfType<DueTimer>();
            var isDue = false;
            foreach (var timer in timers)
            {
                isDue |= timer.Due <= now && !IsSuspended(t, shard, timer.Key.Actor);
                next = timer.Due > now && !(timer.Due >= next) ? timer.Due : next;
            }

            if (isDue || Mailbox(t, shard).Any(m => !IsSuspended(t, shard, m.To)))
            {
                ready.Add(shard);
            }
        }

        return new ReadyShards(now, ready, next);
    });

    public ValueTask<int> Waiting(int atMost, CancellationToken cancellation) => connection.Ask(
        "count of mail", t => Database.AllTables.SelectMany(tables => tables.Mailbox.Rows).Select(t.Visible).OfType<Mail>().Take(atMost).Count());

    public ValueTask<IReadOnlyList<StateImage>> LoadStates(ShardId shard, IReadOnlyCollection<ActorId> actors, CancellationToken cancellation) =>
        connection.Ask<IReadOnlyList<StateImage>>(
            "load", t => [.. actors.Select(Database.TablesOf(shard).States.Find).OfType<Row<StateImage>>().Select(t.Visible).OfType<StateImage>()]);

    public async ValueTask<bool> CountAttempts(Lease lease, IReadOnlyCollection<long> mail, IReadOnlyCollection<TimerKey> timers, CancellationToken cancellation)
    {
        try
        {
            return await connection.Run(
                "count",
                async t =>
                {
                    await t.Next("begin");
                    await Fence.Pass(t, lease);
                    await TurnStatements.CountAttempts(t, lease.Shard, mail, timers);
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
            return await connection.Run(
                "turns",
                async t =>
                {
                    await t.Next("begin");
                    await Fence.Pass(t, batch.Lease);
                    await new TurnStatements(t, batch).Run();
                    t.AfterCommit(() => watch.Committed(batch));
                    return CommitOutcome.Committed;
                },
                Database.Weakness == Weakness.RepeatableRead);
        }
        catch (StoreFaultException fault) when (ModelConnection.CodeOf(fault) == SqlState.LeaseLost)
        {
            return CommitOutcome.LeaseLost;
        }
        catch (StoreFaultException fault) when (ModelConnection.CodeOf(fault) == SqlState.Stale)
        {
            return CommitOutcome.Stale;
        }
        catch (InvalidTurnException fault)
        {
            watch.Refused(fault);
            throw;
        }
    }

    private static IEnumerable<Mail> FirstOfEach(IEnumerable<Mail> mail, int perActor)
    {
        var counts = new Dictionary<ActorId, int>();
        return mail.Where(m => (counts[m.To] = counts.GetValueOrDefault(m.To) + 1) <= perActor);
    }

    private bool IsSuspended(ModelTransaction t, ShardId shard, ActorId actor) =>
        Database.DeadLetters.Rows.Select(t.Visible).Any(d => d is not null && d.Shard == shard && d.Letter.To == actor && d.Letter.Suspends);

    /// <summary>The mail of a shard as a statement sees it, in the order of ids.</summary>
    private IEnumerable<Mail> Mailbox(ModelTransaction t, ShardId shard)
    {
        var mail = Database.TablesOf(shard).Mailbox.Rows.Select(t.Visible).OfType<Mail>();
        if (Database.Weakness != Weakness.FloorHint)
        {
            return mail;
        }

        // All below the first that is there is thought to have been there, and to be gone.
        var above = mail.Where(m => m.Id > _floors.GetValueOrDefault(shard)).ToList();
        if (above.Count > 0)
        {
            _floors[shard] = above[0].Id - 1;
        }

        return above;
    }
}
