using System.Collections.Concurrent;
using Npgsql;

namespace Latecomer.Runtime.Postgres;

/// <summary>The journal.</summary>
internal sealed class PostgresJournal(PostgresDatabase database) : IJournalStore
{
    private const string Columns = "position, actor, revision, type, schema_version, body, cause, at";

    /// <summary>The last of the looked-at entries has none behind it that we know of: it may be the newest, which gives the next entry its position.</summary>
    private const string RemoveOldest = """
        WITH oldest AS MATERIALIZED (
            SELECT position, at FROM latecomer.journal WHERE shard = $1 AND position > $2 ORDER BY position LIMIT $4::int + 1),
        stays AS MATERIALIZED (
            SELECT coalesce(min(position) FILTER (WHERE at >= $3), max(position)) AS first FROM oldest),
        gone AS (
            DELETE FROM latecomer.journal WHERE shard = $1 AND position > $2 AND position < (SELECT first FROM stays) RETURNING 1)
        SELECT (SELECT count(*) FROM gone), position - 1, at FROM oldest WHERE position = (SELECT first FROM stays)
        """;

    /// <summary>Below which nothing is left, so that what was removed is not stepped over again and again while an old transaction keeps it from being cleared
    /// away. Under the same lease nothing comes back.</summary>
    private readonly ConcurrentDictionary<ShardId, (Lease Lease, long Floor)> _floors = [];

    public async ValueTask<Guid> Identity(CancellationToken cancellation) =>
        (await database.Query("SELECT identity FROM latecomer.store", row => row.GetGuid(0), [], cancellation))[0];

    // A shard that nobody ever owned has no entries.
    public async ValueTask<IReadOnlyList<JournalHead>> Heads(CancellationToken cancellation) => await database.Query(
        """
        SELECT s.shard, j.position FROM latecomer.shard AS s
        CROSS JOIN LATERAL (SELECT position FROM latecomer.journal WHERE shard = s.shard ORDER BY position DESC LIMIT 1) AS j ORDER BY s.shard
        """,
        row => new JournalHead(new ShardId(row.GetInt32(0)), row.GetInt64(1)), [], cancellation);

    public async ValueTask<JournalPage> Read(ShardId shard, long after, int limit, CancellationToken cancellation) => JournalPage.Of(after, await database.Query(
        $"SELECT {Columns} FROM latecomer.journal WHERE shard = $1 AND position > $2 ORDER BY position LIMIT $3",
        row => Entry(shard, row), [shard.Number, after, limit], cancellation));

    public async ValueTask<IReadOnlyList<JournalEntry>> ReadActor(ShardId shard, ActorId actor, long before, int limit, CancellationToken cancellation) => await database.Query(
        $"SELECT {Columns} FROM latecomer.journal WHERE shard = $1 AND actor = $2 AND position < $3 ORDER BY position DESC LIMIT $4",
        row => Entry(shard, row), [shard.Number, actor.ToString(), before, limit], cancellation);

    public async ValueTask<JournalTrim?> Trim(Lease lease, DateTimeOffset before, int limit, CancellationToken cancellation)
    {
        var above = _floors.TryGetValue(lease.Shard, out var known) && known.Lease == lease ? known.Floor : 0;
        try
        {
            var trimmed = await database.Write(
                statements =>
                {
                    TurnStatements.Fence(statements, [lease]);
                    return statements.Ask(
                        RemoveOldest, row => (Removed: (int)row.GetInt64(0), Floor: row.GetInt64(1), Oldest: row.Time(2)),
                        lease.Shard.Number, above, before.UtcTicks, limit);
                },
                cancellation);
            if (trimmed is not [var trim])
            {
                return new JournalTrim(0, Oldest: null);
            }

            _floors[lease.Shard] = (lease, trim.Floor);
            return new JournalTrim(trim.Removed, trim.Oldest);
        }
        catch (StoreFaultException fault) when (PostgresFault.CodeOf(fault) == PostgresFault.LeaseLost)
        {
            return null;
        }
    }

    private static JournalEntry Entry(ShardId shard, NpgsqlDataReader row) =>
        new(shard, row.GetInt64(0), row.Actor(1), row.GetInt64(2), row.Message(3), row.GetString(6), row.Time(7));
}
