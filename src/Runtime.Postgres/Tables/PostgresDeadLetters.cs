namespace Latecomer.Runtime.Postgres;

/// <summary>The dead letters.</summary>
internal sealed class PostgresDeadLetters(PostgresDatabase database) : IDeadLetterStore
{
    public async ValueTask<IReadOnlyList<DeadLetter>> List(long after, int limit, bool suspendingOnly, CancellationToken cancellation) => await database.Query(
        """
        SELECT id, actor, sender, type, schema_version, body, cause, request, error, suspends, at FROM latecomer.dead_letter
        WHERE id > $1 AND (suspends OR NOT $3) ORDER BY id LIMIT $2
        """,
        row => new DeadLetter(
            row.GetInt64(0), row.Actor(1), row.ActorOrNull(2), row.Message(3), row.GetString(6), row.RequestOrNull(7), row.GetString(8), row.GetBoolean(9), row.Time(10)),
        [after, limit, suspendingOnly], cancellation);

    public async ValueTask<bool> Retry(long id, CancellationToken cancellation)
    {
        var retried = await database.Write(
            statements => statements.Ask(
                """
                WITH gone AS (DELETE FROM latecomer.dead_letter WHERE id = $1 RETURNING *),
                sent AS (
                    INSERT INTO latecomer.mailbox (id, shard, actor, sender, type, schema_version, body, cause, attempts, request)
                    SELECT id, shard, actor, sender, type, schema_version, body, cause, 0, request FROM gone RETURNING 1)
                SELECT count(*) FROM sent
                """,
                row => row.GetInt64(0), id),
            cancellation);
        return retried[0] == 1;
    }

    public async ValueTask<bool> Discard(long id, CancellationToken cancellation) => (await database.Write(
        statements => statements.Ask("DELETE FROM latecomer.dead_letter WHERE id = $1 RETURNING id", row => row.GetInt64(0), id), cancellation)).Count == 1;
}
