namespace Latecomer.Runtime.Postgres;

/// <summary>The journal.</summary>
internal sealed class PostgresJournal(PostgresDatabase database) : IJournalStore
{
    public async ValueTask<IReadOnlyList<JournalEntry>> Read(ShardId shard, long after, int limit, CancellationToken cancellation) => await database.Query(
        """
        SELECT position, actor, revision, type, schema_version, body, cause, at FROM latecomer.journal
        WHERE shard = $1 AND position > $2 ORDER BY position LIMIT $3
        """,
        row => new JournalEntry(shard, row.GetInt64(0), row.Actor(1), row.GetInt64(2), row.Message(3), row.GetString(6), row.Time(7)),
        [shard.Number, after, limit], cancellation);
}
