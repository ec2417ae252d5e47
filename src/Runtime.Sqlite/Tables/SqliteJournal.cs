namespace Latecomer.Runtime.Sqlite;

/// <summary>The journal.</summary>
internal sealed class SqliteJournal(SqliteReaders readers) : IJournalStore
{
    public ValueTask<IReadOnlyList<JournalEntry>> Read(ShardId shard, long after, int limit, CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyList<JournalEntry>>(readers.Read(session => session.Query(
            """
            SELECT position, actor, revision, type, schema_version, body, cause, at FROM journal
            WHERE shard = $1 AND position > $2 ORDER BY position LIMIT $3
            """,
            row => new JournalEntry(shard, row.GetInt64(0), row.Actor(1), row.GetInt64(2), row.Message(3), row.GetString(6), row.Time(7)),
            shard.Number, after, limit)));
}
