using System.Collections.Concurrent;

namespace Latecomer.Runtime.Postgres;

/// <summary>The journal.</summary>
internal sealed class PostgresJournal(PostgresDatabase database) : IJournalStore
{
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

    public async ValueTask<JournalPage> Read(ShardId shard, long after, int limit, CancellationToken cancellation) => JournalPage.Of(after, await database.Query(
        """
        SELECT position, actor, revision, type, schema_version, body, cause, at FROM latecomer.journal
        WHERE shard = $1 AND position > $2 ORDER BY position LIMIT $3
        """,
        row => new JournalEntry(shard, row.GetInt64(0), row.Actor(1), row.GetInt64(2), row.Message(3), row.GetString(6), row.Time(7)),
        [shard.Number, after, limit], cancellation));

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
}
