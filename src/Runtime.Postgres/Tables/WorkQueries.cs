using Npgsql;

namespace Latecomer.Runtime.Postgres;

/// <summary>A question for the work of one shard.</summary>
internal readonly record struct WorkQuestion(ShardId Shard, int PerActor, int Limit);

/// <summary>What shards have to do, for any number of shards by one round trip.</summary>
internal sealed class WorkQueries(PostgresDatabase database, StoreClock clock, MailboxFloors floors)
{
    /// <summary>The condition that the actor of a row <c>w</c> is not suspended.</summary>
    public const string NotSuspended = "NOT EXISTS (SELECT 1 FROM latecomer.dead_letter AS d WHERE d.shard = w.shard AND d.actor = w.actor AND d.suspends)";

    private const string MailColumns = "id, actor, sender, type, schema_version, body, cause, attempts, request";

    private const string HeadsOfMail = $"""
        SELECT s.shard, head.* FROM unnest($1::int[], $3::bigint[]) AS s (shard, floor) CROSS JOIN LATERAL (
            SELECT {MailColumns} FROM latecomer.mailbox AS w WHERE w.shard = s.shard AND w.id > s.floor AND {NotSuspended} ORDER BY id LIMIT $2) AS head
        ORDER BY s.shard, head.id
        """;

    private const string MailOfEach = $"""
        SELECT shard, {MailColumns} FROM latecomer.mailbox WHERE shard = $1 AND id IN (
            SELECT id FROM (
                SELECT id, row_number() OVER (PARTITION BY actor ORDER BY id) AS place FROM latecomer.mailbox AS w WHERE shard = $1 AND id > $4 AND {NotSuspended}) AS each
            WHERE place <= $2 ORDER BY id LIMIT $3)
        ORDER BY id
        """;

    /// <summary>The clock, and beside it the timers that are due by it: one row without a timer if there is none.</summary>
    private const string DueTimers = $"""
        SELECT now, due.shard, actor, name, generation, due_at, type, schema_version, body, cause, attempts
        FROM (SELECT latecomer.clock($2) AS now OFFSET 0) AS at LEFT JOIN LATERAL (
            SELECT first.* FROM unnest($1::int[]) AS s (shard) CROSS JOIN LATERAL (
                SELECT * FROM latecomer.timer AS w WHERE w.shard = s.shard AND due_at <= now AND {NotSuspended} ORDER BY due_at, generation LIMIT $3) AS first
            ) AS due ON true
        ORDER BY due.shard, due_at, generation
        """;

    private const string Suspended = "SELECT shard, actor FROM latecomer.dead_letter WHERE suspends AND shard = ANY ($1)";

    /// <summary>The newest number that anything got.</summary>
    public const string NewestNumber = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM latecomer.number";

    /// <summary>The work of shards of which none is asked for twice, in the order of the questions.</summary>
    public async Task<IReadOnlyList<ShardWork>> Read(IReadOnlyList<WorkQuestion> questions, CancellationToken cancellation)
    {
        var found = new Dictionary<ShardId, ShardWork>();
        foreach (var alike in questions.GroupBy(q => (q.PerActor, q.Limit)))
        {
            await Read([.. alike.Select(q => q.Shard)], alike.Key.PerActor, alike.Key.Limit, found, cancellation);
        }

        return [.. questions.Select(q => found[q.Shard])];
    }

    private async Task Read(List<ShardId> shards, int perActor, int limit, Dictionary<ShardId, ShardWork> found, CancellationToken cancellation)
    {
        var which = Rows.Set(shards);
        var known = floors.Of(which);
        var statements = new Statements();
        var mail = statements.Ask(HeadsOfMail, row => (Shard: row.GetInt32(0), Mail: Mail(row)), which, limit, known);
        var timers = statements.Ask(
            DueTimers, row => (Now: row.GetInt64(0), Shard: row.IsDBNull(1) ? -1 : row.GetInt32(1), Timer: row.IsDBNull(1) ? null : Timer(row)),
            which, clock.Known, limit);

        var suspended = statements.Ask(Suspended, row => (Shard: row.GetInt32(0), Actor: row.Actor(1)), which);

        // Asked last, so that it is not below what the first saw.
        var newest = statements.Ask(NewestNumber, row => row.GetInt64(0));
        await database.Read(statements, cancellation);

        var now = clock.Saw(timers[0].Now);
        var mailOf = mail.ToLookup(m => m.Shard, m => m.Mail);
        var suspendedOf = suspended.ToLookup(s => s.Shard, s => s.Actor);
        var timersOf = timers.ToLookup(t => t.Shard, t => t.Timer);
        foreach (var (shard, floor) in which.Zip(known))
        {
            List<Mail> head = [.. mailOf[shard]];
            var fair = FirstOfEach(head, perActor);

            // Only where somebody has too much, and not all was read, are others perhaps behind it: that is the dear question.
            var first = head.Count < limit || fair.Count == head.Count ? fair : await database.Query(MailOfEach, Mail, [shard, perActor, limit, floor], cancellation);
            found[new ShardId(shard)] = new ShardWork(now, first, [.. timersOf[shard].OfType<DueTimer>()], Math.Max(newest[0], first.Count > 0 ? first[^1].Id : 0))
            {
                Suspended = suspendedOf[shard].ToHashSet(),
            };
        }
    }

    private static Mail Mail(NpgsqlDataReader row) => new(
        row.GetInt64(1), row.Actor(2), row.ActorOrNull(3), row.Message(4), row.GetString(7), row.GetInt32(8), row.RequestOrNull(9));

    private static DueTimer Timer(NpgsqlDataReader row) => new(
        new TimerKey(row.Actor(2), row.GetString(3), row.GetInt64(4)), row.Time(5), row.Message(6), row.GetString(9), row.GetInt32(10));

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
