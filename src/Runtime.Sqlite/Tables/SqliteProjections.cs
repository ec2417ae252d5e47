namespace Latecomer.Runtime.Sqlite;

/// <summary>The projections. SQLite orders text by its UTF-8 bytes, which is the order of code points.</summary>
internal sealed class SqliteProjections(SqliteWriter writer, SqliteReaders readers) : IProjectionStore
{
    public ValueTask<ProjectionRow?> Get(string projection, string key, CancellationToken cancellation) =>
        ValueTask.FromResult(readers.Read(session => session.Query(
            "SELECT body FROM projection WHERE projection = $1 AND key = $2", row => new ProjectionRow(key, row.Bytes(0)), projection, key).SingleOrDefault()));

    public ValueTask<IReadOnlyList<ProjectionRow>> List(string projection, string prefix, string? after, int limit, CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyList<ProjectionRow>>(readers.Read(session => session.Query(
            "SELECT key, body FROM projection WHERE projection = $1 AND key >= $2 AND key < $3 AND key > $4 ORDER BY key LIMIT $5",
            row => new ProjectionRow(row.GetString(0), row.Bytes(1)),
            projection, prefix, prefix + Rows.Highest, after ?? "", limit)));

    public ValueTask<int> RemoveRetired(DateTimeOffset before, int limit, CancellationToken cancellation) => writer.Write(session =>
    {
        var old = session.Query(
            "SELECT at, projection, key FROM retired WHERE at < $1 ORDER BY at LIMIT $2",
            row => (At: row.GetInt64(0), Projection: row.GetString(1), Key: row.GetString(2)), before.UtcTicks, limit);
        foreach (var (at, projection, key) in old)
        {
            session.Execute("DELETE FROM retired WHERE at = $1 AND projection = $2 AND key = $3", at, projection, key);
            session.Execute("DELETE FROM projection WHERE projection = $1 AND key = $2", projection, key);
        }

        return new Written<int>(old.Count, Keep: old.Count > 0);
    });
}
