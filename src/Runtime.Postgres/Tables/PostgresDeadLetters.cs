namespace Latecomer.Runtime.Postgres;

/// <summary>The dead letters.</summary>
internal sealed class PostgresDeadLetters(PostgresDatabase database) : IDeadLetterStore
{
    /// <summary>The letter is locked before the request is put there, so that of two that settle it the second finds it gone.</summary>
    private const string SettleOne = """
        WITH letter AS MATERIALIZED (SELECT id FROM latecomer.dead_letter WHERE id = $8 FOR UPDATE),
        noted AS (
            INSERT INTO latecomer.request (id, hash, expires_at, status, body, message, answered_at)
            SELECT $1, $2, $3, $4, $5::bytea, $6::text, $7 FROM letter ON CONFLICT DO NOTHING RETURNING 1),
        gone AS (DELETE FROM latecomer.dead_letter WHERE id = $8 AND EXISTS (SELECT 1 FROM noted) RETURNING *),
        sent AS (
            INSERT INTO latecomer.mailbox (id, shard, actor, sender, type, schema_version, body, cause, attempts, request)
            SELECT id, shard, actor, sender, type, schema_version, body, cause, 0, request FROM gone WHERE $9)
        SELECT count(*) FROM gone
        """;

    public async ValueTask<IReadOnlyList<DeadLetter>> List(long after, int limit, bool suspendingOnly, CancellationToken cancellation) => await database.Query(
        """
        SELECT id, actor, sender, type, schema_version, body, cause, request, error, suspends, at FROM latecomer.dead_letter
        WHERE id > $1 AND (suspends OR NOT $3) ORDER BY id LIMIT $2
        """,
        row => new DeadLetter(
            row.GetInt64(0), row.Actor(1), row.ActorOrNull(2), row.Message(3), row.GetString(6), row.RequestOrNull(7), row.GetString(8), row.GetBoolean(9), row.Time(10)),
        [after, limit, suspendingOnly], cancellation);

    public async ValueTask<SubmitOutcome?> Settle(long id, LetterFate fate, DecidedRequest request, CancellationToken cancellation)
    {
        var (settled, known) = await database.Write(
            statements => (
                statements.Ask(SettleOne, row => row.GetInt64(0), [.. PostgresRequests.Columns(request), id, fate == LetterFate.Retried]),
                PostgresRequests.AskOutcome(statements, request.Id, request.Hash)),
            cancellation);
        return settled[0] == 1 ? new SubmitOutcome.Accepted() : known is [var outcome] ? outcome : null;
    }
}
