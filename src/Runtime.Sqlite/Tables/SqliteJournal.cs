namespace Latecomer.Runtime.Sqlite;

/// <summary>The journal.</summary>
internal sealed class SqliteJournal(SqliteWriter writer, SqliteReaders readers) : IJournalStore
{
    public ValueTask<JournalPage> Read(ShardId shard, long after, int limit, CancellationToken cancellation) =>
        ValueTask.FromResult(JournalPage.Of(after, readers.Read(session => session.Query(
            """
            SELECT position, actor, revision, type, schema_version, body, cause, at FROM journal
            WHERE shard = $1 AND position > $2 ORDER BY position LIMIT $3
            """,
            row => new JournalEntry(shard, row.GetInt64(0), row.Actor(1), row.GetInt64(2), row.Message(3), row.GetString(6), row.Time(7)),
            shard.Number, after, limit))));

    public ValueTask<JournalTrim?> Trim(Lease lease, DateTimeOffset before, int limit, CancellationToken cancellation) => writer.Write(session =>
    {
        if (!Rows.IsHeld(session, lease))
        {
            return Written.Nothing<JournalTrim?>(null);
        }

        var oldest = session.Query(
            "SELECT position, at FROM journal WHERE shard = $1 ORDER BY position LIMIT $2",
            row => (Position: row.GetInt64(0), At: row.Time(1)), lease.Shard.Number, limit + 1L);
        if (oldest.Count == 0)
        {
            return Written.Nothing<JournalTrim?>(new JournalTrim(0, Oldest: null));
        }

        // The last of them has none behind it that we know of: it may be the newest, which gives the next entry its position.
        var removed = oldest.Take(oldest.Count - 1).TakeWhile(e => e.At < before).Count();
        session.Execute("DELETE FROM journal WHERE shard = $1 AND position < $2", lease.Shard.Number, oldest[removed].Position);
        return new Written<JournalTrim?>(new JournalTrim(removed, oldest[removed].At), Keep: removed > 0);
    });
}
