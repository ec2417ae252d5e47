using Npgsql;

namespace Latecomer.Runtime.Postgres;

/// <summary>Mail, timers and states.</summary>
internal sealed class PostgresTurns(PostgresDatabase database, StoreClock clock) : ITurnStore
{
    private const string MailColumns = "id, actor, sender, type, schema_version, body, cause, attempts, request";

    private const string NotSuspended = "NOT EXISTS (SELECT 1 FROM latecomer.dead_letter AS d WHERE d.shard = w.shard AND d.actor = w.actor AND d.suspends)";

    private const string HeadOfMail = $"SELECT {MailColumns} FROM latecomer.mailbox AS w WHERE shard = $1 AND {NotSuspended} ORDER BY id LIMIT $2";

    private const string MailOfEach = $"""
        SELECT {MailColumns} FROM latecomer.mailbox WHERE shard = $1 AND id IN (
            SELECT id FROM (
                SELECT id, row_number() OVER (PARTITION BY actor ORDER BY id) AS place FROM latecomer.mailbox AS w WHERE shard = $1 AND {NotSuspended}) AS each
            WHERE place <= $2 ORDER BY id LIMIT $3)
        ORDER BY id
        """;

    /// <summary>The clock, and beside it the timers that are due by it: one row without a timer if there is none.</summary>
    private const string DueTimers = $"""
        SELECT now, actor, name, generation, due_at, type, schema_version, body, cause, attempts
        FROM (SELECT latecomer.clock($2) AS now OFFSET 0) AS at LEFT JOIN LATERAL (
            SELECT * FROM latecomer.timer AS w WHERE shard = $1 AND due_at <= now AND {NotSuspended} ORDER BY due_at, generation LIMIT $3) AS due ON true
        ORDER BY due_at, generation
        """;

    private const string ReadyOnes = $"""
        SELECT now,
            ARRAY (
                SELECT s FROM unnest($1::int[]) AS s
                WHERE EXISTS (SELECT 1 FROM latecomer.mailbox AS w WHERE w.shard = s AND {NotSuspended})
                OR EXISTS (SELECT 1 FROM latecomer.timer AS w WHERE w.shard = s AND due_at <= now AND {NotSuspended})),
            (SELECT min(next.due_at) FROM unnest($1::int[]) AS s CROSS JOIN LATERAL (
                SELECT due_at FROM latecomer.timer WHERE shard = s AND due_at > now ORDER BY due_at LIMIT 1) AS next)
        FROM (SELECT latecomer.clock($2) AS now OFFSET 0) AS at
        """;

    public async ValueTask<ShardWork> ReadWork(ShardId shard, int perActor, int limit, CancellationToken cancellation)
    {
        var statements = new Statements();
        var mail = statements.Ask(HeadOfMail, Mail, shard.Number, limit);
        var timers = statements.Ask(
            DueTimers, row => (Now: row.GetInt64(0), Timer: row.IsDBNull(1) ? null : Timer(row)), shard.Number, clock.Known, limit);

        // Asked last, so that it is not below what the first saw.
        var newest = statements.Ask("SELECT coalesce(max(id), 0) FROM latecomer.mailbox WHERE shard = $1", row => row.GetInt64(0), shard.Number);
        await database.Read(statements, cancellation);

        // When all of it fits, who has too much of it is told here; only a deep mailbox is worth the dear question.
        var fair = mail.Count < limit ? FirstOfEach(mail, perActor) : await database.Query(MailOfEach, Mail, [shard.Number, perActor, limit], cancellation);
        clock.Saw(timers[0].Now);
        return new ShardWork(
            new DateTimeOffset(timers[0].Now, TimeSpan.Zero), fair, [.. timers.Select(t => t.Timer).OfType<DueTimer>()],
            Math.Max(newest[0], fair.Count > 0 ? fair[^1].Id : 0));
    }

    public async ValueTask<ReadyShards> Ready(IReadOnlyCollection<ShardId> shards, CancellationToken cancellation)
    {
        var (now, ready, next) = (await database.Query(
            ReadyOnes, row => (row.GetInt64(0), row.GetFieldValue<int[]>(1), row.IsDBNull(2) ? (long?)null : row.GetInt64(2)),
            [Rows.Set(shards), clock.Known], cancellation))[0];
        clock.Saw(now);
        return new ReadyShards(
            new DateTimeOffset(now, TimeSpan.Zero), [.. ready.Select(s => new ShardId(s))], next is { } due ? new DateTimeOffset(due, TimeSpan.Zero) : null);
    }

    public async ValueTask<IReadOnlyList<StateImage>> LoadStates(ShardId shard, IReadOnlyCollection<ActorId> actors, CancellationToken cancellation) =>
        await database.Query(
            "SELECT actor, revision, schema_version, body FROM latecomer.actor_state WHERE shard = $1 AND actor = ANY ($2)",
            row => new StateImage(row.Actor(0), row.GetInt64(1), row.GetInt32(2), row.Bytes(3)),
            [shard.Number, actors.Select(a => a.ToString()).ToArray()], cancellation);

    public async ValueTask<bool> CountAttempts(
        Lease lease, IReadOnlyCollection<long> mail, IReadOnlyCollection<TimerKey> timers, CancellationToken cancellation)
    {
        try
        {
            return await database.Write(
                statements =>
                {
                    TurnStatements.Fence(statements, lease);
                    TurnStatements.CountAttempts(statements, lease.Shard, mail, timers);
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
            return await database.Write(
                statements =>
                {
                    TurnStatements.Add(statements, batch);
                    return CommitOutcome.Committed;
                },
                cancellation);
        }
        catch (StoreFaultException fault) when (PostgresFault.CodeOf(fault) == PostgresFault.LeaseLost)
        {
            return CommitOutcome.LeaseLost;
        }
        catch (StoreFaultException fault) when (PostgresFault.CodeOf(fault) == PostgresFault.Stale)
        {
            return CommitOutcome.Stale;
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

    private static ActivityKey RefusedActivity(PostgresException refusal)
    {
        var lines = refusal.MessageText.Split('\n', 2);
        return new ActivityKey(ActorId.Parse(lines[0]), lines[1]);
    }

    private static Mail Mail(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.Actor(1), row.ActorOrNull(2), row.Message(3), row.GetString(6), row.GetInt32(7), row.RequestOrNull(8));

    private static DueTimer Timer(NpgsqlDataReader row) => new(
        new TimerKey(row.Actor(1), row.GetString(2), row.GetInt64(3)), row.Time(4), row.Message(5), row.GetString(8), row.GetInt32(9));

    private static List<Mail> FirstOfEach(List<Mail> mail, int perActor)
    {
        var counts = new Dictionary<ActorId, int>();
        return mail.FindAll(m =>
        {
            var count = counts[m.To] = counts.GetValueOrDefault(m.To) + 1;
            return count <= perActor;
        });
    }
}
