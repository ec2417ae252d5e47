using Npgsql;

namespace Latecomer.Runtime.Postgres;

/// <summary>The request table.</summary>
internal sealed class PostgresRequests(PostgresDatabase database) : IRequestStore
{
    /// <summary>One that is there is looked up first: its conflict would wait for a turn that is just answering it.</summary>
    private const string Add = """
        WITH added AS (
            INSERT INTO latecomer.request (id, hash, expires_at)
            SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT 1 FROM latecomer.request WHERE id = $1) ON CONFLICT DO NOTHING RETURNING id),
        sent AS (
            INSERT INTO latecomer.mailbox (id, shard, actor, type, schema_version, body, cause, attempts, request)
            SELECT nextval('latecomer.number'), $4, $5, $6, $7, $8, $9, 0, id FROM added RETURNING 1)
        SELECT count(*) FROM sent
        """;

    public async ValueTask<SubmitOutcome> Submit(NewRequest request, CancellationToken cancellation)
    {
        while (true)
        {
            var (added, known) = await database.Write(
                statements => (
                    statements.Ask(
                        Add, row => row.GetInt64(0), request.Id.Value, request.Hash, request.ExpiresAt.UtcTicks, request.Shard.Number, request.To.ToString(),
                        request.Message.Type, request.Message.SchemaVersion, request.Message.Body, Causes.OfRequest(request.Id)),
                    statements.Ask(
                        "SELECT status, body, message, hash FROM latecomer.request WHERE id = $1", row => (Reply: Reply(row), Hash: row.GetString(3)), request.Id.Value)),
                cancellation);
            if (added is [> 0])
            {
                return new SubmitOutcome.Accepted();
            }

            // None if it was forgotten between the two statements: then it is new again.
            if (known is [var (reply, hash)])
            {
                return hash != request.Hash ? new SubmitOutcome.Mismatch()
                    : reply is null ? new SubmitOutcome.Pending()
                    : new SubmitOutcome.Decided(reply);
            }
        }
    }

    public async ValueTask<StoredReply?> FindReply(RequestId request, CancellationToken cancellation) =>
        await database.Query("SELECT status, body, message FROM latecomer.request WHERE id = $1", Reply, [request.Value], cancellation) is [var reply] ? reply : null;

    public async ValueTask<int> Expire(DateTimeOffset now, CancellationToken cancellation)
    {
        var expired = await database.Write(
            statements => statements.Ask(
                """
                WITH gone AS (
                    DELETE FROM latecomer.request WHERE id IN (
                        SELECT id FROM latecomer.request WHERE status IS NOT NULL AND expires_at < $1 FOR UPDATE SKIP LOCKED) RETURNING 1)
                SELECT count(*) FROM gone
                """,
                row => (int)row.GetInt64(0), now.UtcTicks),
            cancellation);
        return expired[0];
    }

    private static StoredReply? Reply(NpgsqlDataReader row) => row.TextOrNull(0) is { } status
        ? new StoredReply(Enum.Parse<ReplyStatus>(status), row.IsDBNull(1) ? null : row.Bytes(1), row.TextOrNull(2))
        : null;
}
