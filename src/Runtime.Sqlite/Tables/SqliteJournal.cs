using Microsoft.Data.Sqlite;

namespace Latecomer.Runtime.Sqlite;

/// <summary>The journal.</summary>
internal sealed class SqliteJournal(SqliteWriter writer, SqliteReaders readers) : IJournalStore
{
    private const string Columns = "position, actor, revision, type, schema_version, body, cause, at";

    public ValueTask<Guid> Identity(CancellationToken cancellation) =>
        ValueTask.FromResult(readers.Read(session => Guid.ParseExact(session.Query("SELECT identity FROM store", row => row.GetString(0))[0], "N")));

    // A shard that nobody ever owned has no entries.
    public ValueTask<IReadOnlyList<JournalHead>> Heads(CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyList<JournalHead>>(readers.Read(session => session.Query(
            """
            SELECT shard, head FROM (SELECT shard, (SELECT max(position) FROM journal AS j WHERE j.shard = lease.shard) AS head FROM lease)
            WHERE head IS NOT NULL ORDER BY shard
            """,
            row => new JournalHead(new ShardId(row.GetInt32(0)), row.GetInt64(1)))));

    public ValueTask<JournalPage> Read(ShardId shard, long after, int limit, CancellationToken cancellation) =>
        ValueTask.FromResult(JournalPage.Of(after, readers.Read(session => session.Query(
            $"SELECT {Columns} FROM journal WHERE shard = $1 AND position > $2 ORDER BY position LIMIT $3", row => Entry(shard, row), shard.Number, after, limit))));

    public ValueTask<IReadOnlyList<JournalEntry>> ReadActor(ShardId shard, ActorId actor, long before, int limit, CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyList<JournalEntry>>(readers.Read(session => session.Query(
            $"SELECT {Columns} FROM journal WHERE actor = $1 AND shard = $2 AND position < $3 ORDER BY position DESC LIMIT $4",
            row => Entry(shard, row), actor.ToString(), shard.Number, before, limit)));

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

    private static JournalEntry Entry(ShardId shard, SqliteDataReader row) =>
        new(shard, row.GetInt64(0), row.Actor(1), row.GetInt64(2), row.Message(3), row.GetString(6), row.Time(7));
}
