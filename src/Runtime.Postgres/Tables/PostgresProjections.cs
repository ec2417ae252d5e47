namespace Latecomer.Runtime.Postgres;

/// <summary>The projections. Their keys are ordered by their UTF-8 bytes, which is the order of code points.</summary>
internal sealed class PostgresProjections(PostgresDatabase database) : IProjectionStore
{
    public async ValueTask<ProjectionRow?> Get(string projection, string key, CancellationToken cancellation) =>
        await database.Query(
            "SELECT body FROM latecomer.projection WHERE projection = $1 AND key = $2", row => new ProjectionRow(key, row.Bytes(0)), [projection, key], cancellation)
            is [var found] ? found : null;

    public async ValueTask<IReadOnlyList<ProjectionRow>> List(string projection, string prefix, string? after, int limit, CancellationToken cancellation) =>
        await database.Query(
            "SELECT key, body FROM latecomer.projection WHERE projection = $1 AND key >= $2 AND key < $3 AND key > $4 ORDER BY key LIMIT $5",
            row => new ProjectionRow(row.GetString(0), row.Bytes(1)),
            [projection, prefix, prefix + Rows.Highest, after ?? "", limit], cancellation);

    // By their places, which do not change, for nobody updates such rows: joined by their keys, all of them would be read for each piece.
    public async ValueTask<int> RemoveRetired(DateTimeOffset before, int limit, CancellationToken cancellation) => (int)(await database.Write(
        statements => statements.Ask(
            """
            WITH marks AS (
                DELETE FROM latecomer.retired WHERE ctid = ANY (ARRAY (
                    SELECT ctid FROM latecomer.retired WHERE at < $1 ORDER BY at LIMIT $2 FOR UPDATE SKIP LOCKED)) RETURNING projection, key),
            gone AS (
                DELETE FROM latecomer.projection AS p USING marks WHERE p.projection = marks.projection AND p.key = marks.key)
            SELECT count(*) FROM marks
            """,
            row => row.GetInt64(0), before.UtcTicks, limit),
        cancellation))[0];
}
