namespace Latecomer.Runtime.Postgres;

/// <summary>The activity table.</summary>
internal sealed class PostgresActivities(PostgresDatabase database, StoreClock clock) : IActivityStore
{
    private const string NobodyRuns = """
        latecomer.is_live($3, $2) AND (
            (shard = ANY ($1) AND (worker IS NULL OR (worker <> $3 AND NOT latecomer.is_live(worker, $2))))
            OR (worker = $3 AND NOT EXISTS (SELECT 1 FROM unnest($4::text[], $5::text[]) AS r (actor, id) WHERE r.actor = a.actor AND r.id = a.id)))
        """;

    /// <summary>Whoever is just being claimed or ended is skipped, so that claims do not wait for each other.</summary>
    private const string ClaimThem = $"""
        UPDATE latecomer.activity AS t SET worker = $3, attempt = t.attempt + 1
        FROM (SELECT shard, actor, id FROM latecomer.activity AS a WHERE {NobodyRuns} ORDER BY started LIMIT $6 FOR NO KEY UPDATE SKIP LOCKED) AS free
        WHERE t.shard = free.shard AND t.actor = free.actor AND t.id = free.id
        RETURNING t.started, t.shard, t.actor, t.id, t.kind, t.input, t.attempt, t.cancel_requested
        """;

    private const string EndIt = """
        WITH ended AS (
            DELETE FROM latecomer.activity WHERE shard = $1 AND actor = $2 AND id = $3 AND attempt = $4 AND worker = $5 AND latecomer.is_live($5, $6)
            RETURNING shard, actor, cause),
        sent AS (
            INSERT INTO latecomer.mailbox (id, shard, actor, type, schema_version, body, cause, attempts)
            SELECT nextval('latecomer.number'), shard, actor, $7, $8, $9, cause, 0 FROM ended RETURNING 1)
        SELECT count(*) FROM sent
        """;

    public async ValueTask<IReadOnlyList<ActivityAssignment>> Claim(
        IReadOnlyCollection<ShardId> shards, Incarnation worker, IReadOnlyCollection<ActivityKey> running, int limit, CancellationToken cancellation)
    {
        object?[] which = [Rows.Set(shards), clock.Known, worker.Value, running.Select(k => k.Actor.ToString()).ToArray(), running.Select(k => k.Id).ToArray()];

        // Mostly there is nothing to claim, and a question costs no transaction that writes.
        var any = await database.Query($"SELECT EXISTS (SELECT 1 FROM latecomer.activity AS a WHERE {NobodyRuns})", row => row.GetBoolean(0), which, cancellation);
        if (!any[0])
        {
            return [];
        }

        var claimed = await database.Write(
            statements => statements.Ask(
                ClaimThem,
                row => (Started: row.GetInt64(0), Assignment: new ActivityAssignment(
                    new ActivityKey(row.Actor(2), row.GetString(3)), new ShardId(row.GetInt32(1)), row.GetString(4), row.Bytes(5), row.GetInt32(6), row.GetBoolean(7))),
                [.. which, limit]),
            cancellation);
        return [.. claimed.OrderBy(c => c.Started).Select(c => c.Assignment)];
    }

    public async ValueTask<IReadOnlyList<ActivityKey>> CancelRequested(Incarnation worker, CancellationToken cancellation) => await database.Query(
        "SELECT actor, id FROM latecomer.activity WHERE cancel_requested AND worker = $1 ORDER BY started",
        row => new ActivityKey(row.Actor(0), row.GetString(1)),
        [worker.Value], cancellation);

    public async ValueTask<bool> Complete(ActivityAssignment assignment, Incarnation worker, SerializedMessage ended, CancellationToken cancellation)
    {
        var sent = await database.Write(
            statements => statements.Ask(
                EndIt, row => row.GetInt64(0), assignment.Shard.Number, assignment.Key.Actor.ToString(), assignment.Key.Id, assignment.Attempt, worker.Value,
                clock.Known, ended.Type, ended.SchemaVersion, ended.Body),
            cancellation);
        return sent[0] == 1;
    }

    public async ValueTask<IReadOnlyList<ActivityStatus>> List(CancellationToken cancellation) => await database.Query(
        "SELECT actor, id, shard, kind, attempt, worker, cancel_requested FROM latecomer.activity ORDER BY started",
        row => new ActivityStatus(
            new ActivityKey(row.Actor(0), row.GetString(1)), new ShardId(row.GetInt32(2)), row.GetString(3), row.GetInt32(4), row.IncarnationOrNull(5), row.GetBoolean(6)),
        [], cancellation);
}
