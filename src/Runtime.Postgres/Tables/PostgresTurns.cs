using Npgsql;

namespace Latecomer.Runtime.Postgres;

/// <summary>Mail, timers and states.</summary>
internal sealed class PostgresTurns : ITurnStore
{
    private const string ReadyOnes = $"""
        SELECT now,
            ARRAY (
                SELECT s.shard FROM unnest($1::int[], $3::bigint[]) AS s (shard, floor)
                WHERE EXISTS (SELECT 1 FROM latecomer.mailbox AS w WHERE w.shard = s.shard AND w.id > s.floor AND {WorkQueries.NotSuspended})
                OR EXISTS (SELECT 1 FROM latecomer.timer AS w WHERE w.shard = s.shard AND due_at <= now AND {WorkQueries.NotSuspended})),
            (SELECT min(next.due_at) FROM unnest($1::int[]) AS s CROSS JOIN LATERAL (
                SELECT due_at FROM latecomer.timer WHERE shard = s AND due_at > now ORDER BY due_at LIMIT 1) AS next)
        FROM (SELECT latecomer.clock($2) AS now OFFSET 0) AS at
        """;

    private const string CountOfMail = $"""
        SELECT count(*) FROM (
            SELECT 1 FROM ({FloorQueries.Shards}) AS s CROSS JOIN LATERAL (
                SELECT 1 FROM latecomer.mailbox AS w WHERE w.shard = s.shard AND w.id > s.floor LIMIT $3) AS waiting
            LIMIT $3) AS counted
        """;

    private readonly PostgresDatabase _database;
    private readonly StoreClock _clock;
    private readonly MailboxVacuum _vacuum;
    private readonly MailboxFloors _floors;
    private readonly Gathering<WorkQuestion, ShardWork> _reads;
    private readonly Gathering<(ShardId Shard, IReadOnlyCollection<ActorId> Actors), IReadOnlyList<StateImage>> _loads;
    private readonly Gathering<TurnBatch, CommitOutcome> _commits;

    public PostgresTurns(PostgresDatabase database, StoreClock clock)
    {
        (_database, _clock) = (database, clock);
        _vacuum = new MailboxVacuum(database);
        _floors = new MailboxFloors(new FloorQueries(database).Look, TimeProvider.System);
        _reads = new(new WorkQueries(database, clock, _floors).Read) { Apart = q => q.Shard };
        _loads = new((calls, cancellation) => LoadStates(database, calls, cancellation)) { Apart = c => c.Shard };
        _commits = new((batches, cancellation) => Commit(database, batches, cancellation))
        {
            Apart = b => b.Lease.Shard,
            Weight = b => b.Consumed.Count + b.Fired.Count + b.Requests.Count,
            Limit = database.TurnsTogether,
        };
    }

    public async ValueTask<ShardWork> ReadWork(ShardId shard, int perActor, int limit, CancellationToken cancellation) =>
        await _reads.Call(new WorkQuestion(shard, perActor, limit), cancellation);

    public async ValueTask<ReadyShards> Ready(IReadOnlyCollection<ShardId> shards, CancellationToken cancellation)
    {
        var which = Rows.Set(shards);
        var (now, ready, next) = (await _database.Query(
            ReadyOnes, row => (row.GetInt64(0), row.GetFieldValue<int[]>(1), row.IsDBNull(2) ? (long?)null : row.GetInt64(2)),
            [which, _clock.Known, _floors.Of(which)], cancellation))[0];
        _clock.Saw(now);
        return new ReadyShards(
            new DateTimeOffset(now, TimeSpan.Zero), [.. ready.Select(s => new ShardId(s))], next is { } due ? new DateTimeOffset(due, TimeSpan.Zero) : null);
    }

    public async ValueTask<int> Waiting(int atMost, CancellationToken cancellation)
    {
        var (shards, floors) = _floors.All();
        return (int)(await _database.Query(CountOfMail, row => row.GetInt64(0), [shards, floors, atMost], cancellation))[0];
    }

    public async ValueTask<IReadOnlyList<StateImage>> LoadStates(ShardId shard, IReadOnlyCollection<ActorId> actors, CancellationToken cancellation) =>
        await _loads.Call((shard, actors), cancellation);

    public async ValueTask<bool> CountAttempts(
        Lease lease, IReadOnlyCollection<long> mail, IReadOnlyCollection<TimerKey> timers, CancellationToken cancellation)
    {
        try
        {
            return await _database.Write(
                statements =>
                {
                    TurnStatements.Fence(statements, [lease]);
                    TurnStatements.CountAttempts(
                        statements, [.. mail.Select(id => (lease.Shard.Number, id))], [.. timers.Select(key => (lease.Shard.Number, key))]);
                    return true;
                },
                cancellation);
        }
        catch (StoreFaultException fault) when (PostgresFault.CodeOf(fault) == PostgresFault.LeaseLost)
        {
            return false;
        }
    }

    public async ValueTask<CommitOutcome> Commit(TurnBatch batch, CancellationToken cancellation)
    {
        try
        {
            var outcome = await _commits.Call(batch, cancellation);
            _vacuum.Count(batch.Consumed.Count);
            _floors.Count(batch.Consumed.Count);
            return outcome;
        }
        catch (StoreFaultException fault) when (PostgresFault.CodeOf(fault) == PostgresFault.LeaseLost)
        {
            return CommitOutcome.LeaseLost;
        }
        catch (StoreFaultException fault) when (PostgresFault.CodeOf(fault) == PostgresFault.Stale)
        {
            return CommitOutcome.Stale;
        }
        catch (StoreFaultException fault) when (PostgresFault.CodeOf(fault) == PostgresFault.RequestKnown && batch.Requests.Count > 0)
        {
            return CommitOutcome.RequestKnown;
        }
        catch (StoreFaultException fault) when (PostgresFault.CodeOf(fault) == PostgresFault.ActivityRefused)
        {
            throw InvalidTurnException.AlreadyStarted(RefusedActivity((PostgresException)fault.InnerException!));
        }
        catch (StoreFaultException fault) when (PostgresFault.IsRefusalOfValues(fault))
        {
            throw new InvalidTurnException(fault.Message, fault);
        }
    }

    internal static ActivityKey RefusedActivity(PostgresException refusal)
    {
        var lines = refusal.MessageText.Split('\n', 2);
        return new ActivityKey(ActorId.Parse(lines[0]), lines[1]);
    }

    private static async Task<IReadOnlyList<IReadOnlyList<StateImage>>> LoadStates(
        PostgresDatabase database, IReadOnlyList<(ShardId Shard, IReadOnlyCollection<ActorId> Actors)> calls, CancellationToken cancellation)
    {
        var images = (await database.Query(
            """
            SELECT s.shard, s.actor, revision, schema_version, body FROM unnest($1::int[], $2::text[]) AS w (shard, actor)
            JOIN latecomer.actor_state AS s ON s.shard = w.shard AND s.actor = w.actor
            """,
            row => (Shard: row.GetInt32(0), Image: new StateImage(row.Actor(1), row.GetInt64(2), row.GetInt32(3), row.Bytes(4))),
            [calls.SelectMany(c => c.Actors.Select(_ => c.Shard.Number)).ToArray(), calls.SelectMany(c => c.Actors.Select(a => a.ToString())).ToArray()],
            cancellation)).ToLookup(i => i.Shard, i => i.Image);
        return [.. calls.Select(c => (IReadOnlyList<StateImage>)[.. images[c.Shard.Number]])];
    }

    private static Task<IReadOnlyList<CommitOutcome>> Commit(PostgresDatabase database, IReadOnlyList<TurnBatch> batches, CancellationToken cancellation) =>
        database.Write<IReadOnlyList<CommitOutcome>>(
            statements =>
            {
                TurnStatements.Add(statements, batches);
                return [.. batches.Select(_ => CommitOutcome.Committed)];
            },
            cancellation);
}
