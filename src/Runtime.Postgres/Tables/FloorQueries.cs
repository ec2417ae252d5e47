namespace Latecomer.Runtime.Postgres;

/// <summary>What <see cref="MailboxFloors"/> asks of the server.</summary>
internal sealed class FloorQueries(PostgresDatabase database)
{
    /// <summary>Every shard that was ever owned, or that <c>$1</c> names, with its floor by <c>$2</c>.</summary>
    public const string Shards = """
        SELECT coalesce(f.shard, s.shard) AS shard, coalesce(f.floor, 0) AS floor
        FROM latecomer.shard AS s FULL JOIN unnest($1::int[], $2::bigint[]) AS f (shard, floor) ON f.shard = s.shard
        """;

    /// <summary>No rows while a transaction is under way that the proof waits for: the oldest one that the snapshot knows of is then below. The first letter of a
    /// shard is the next one in the order of an index, if that is the shard's: by the shard alone the server may look through all letters in the order of their ids.</summary>
    internal const string Floors = $"""
        SELECT s.shard, least($3,
            (SELECT m.id FROM latecomer.mailbox AS m WHERE m.shard = s.shard AND m.id > s.floor ORDER BY m.id LIMIT 1) - 1,
            (SELECT CASE WHEN d.shard = s.shard THEN d.id - 1 END FROM latecomer.dead_letter AS d
                WHERE (d.shard, d.id) >= (s.shard, 0) ORDER BY d.shard, d.id LIMIT 1))
        FROM ({Shards}) AS s
        WHERE pg_snapshot_xmin(pg_current_snapshot())::text::bigint >= $4
        """;

    /// <summary>Draws a transaction id: a snapshot's own upper bound lies below ids that were drawn and are under way.</summary>
    private const string Bound = "SELECT pg_current_xact_id()::text::bigint, pg_postmaster_start_time()::text";

    /// <summary>Looks for floors.</summary>
    public async Task<FloorAnswer> Look(FloorQuestion question, CancellationToken cancellation)
    {
        var statements = new Statements();
        var proof = question.Proof ?? new FloorProof(0, long.MaxValue);
        var floors = statements.Ask(
            Floors, row => (row.GetInt32(0), row.GetInt64(1)),
            question.Floors.Select(f => f.Key).ToArray(), question.Floors.Select(f => f.Value).ToArray(), proof.Number, proof.Before);
        var newest = statements.Ask(WorkQueries.NewestNumber, row => row.GetInt64(0));
        var bound = statements.Ask(Bound, row => (Id: row.GetInt64(0), Server: row.GetString(1)));
        await database.Read(statements, cancellation);
        return new FloorAnswer(floors, new FloorProof(newest[0], bound[0].Id), bound[0].Server);
    }
}
