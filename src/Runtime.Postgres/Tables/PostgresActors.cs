namespace Latecomer.Runtime.Postgres;

/// <summary>Which actors there are. Their ids are ordered by their UTF-8 bytes, which is the order of code points.</summary>
internal sealed class PostgresActors(PostgresDatabase database) : IActorStore
{
    public async ValueTask<IReadOnlyList<ActorStatus>> List(string prefix, string? after, int limit, CancellationToken cancellation) => await database.Query(
        """
        SELECT actor, shard, revision, octet_length(body) FROM latecomer.actor_state
        WHERE actor >= $1 AND actor < $2 AND actor > $3 ORDER BY actor LIMIT $4
        """,
        row => new ActorStatus(row.Actor(0), new ShardId(row.GetInt32(1)), row.GetInt64(2), row.GetInt32(3)),
        [prefix, prefix + Rows.Highest, after ?? "", limit], cancellation);
}
