namespace Latecomer.Runtime.Postgres;

/// <summary>The projections. Their keys are ordered by their UTF-8 bytes, which is the order of code points.</summary>
internal sealed class PostgresProjections(PostgresDatabase database) : IProjectionStore
{
    /// <summary>Above every key that begins with the prefix: the highest code point, which is no character.</summary>
    private const string Highest = "\U0010FFFF";

    public async ValueTask<ProjectionRow?> Get(string projection, string key, CancellationToken cancellation) =>
        await database.Query(
            "SELECT body FROM latecomer.projection WHERE projection = $1 AND key = $2", row => new ProjectionRow(key, row.Bytes(0)), [projection, key], cancellation)
            is [var found] ? found : null;

    public async ValueTask<IReadOnlyList<ProjectionRow>> List(string projection, string prefix, string? after, int limit, CancellationToken cancellation) =>
        await database.Query(
            "SELECT key, body FROM latecomer.projection WHERE projection = $1 AND key >= $2 AND key < $3 AND key > $4 ORDER BY key LIMIT $5",
            row => new ProjectionRow(row.GetString(0), row.Bytes(1)),
            [projection, prefix, prefix + Highest, after ?? "", limit], cancellation);
}
