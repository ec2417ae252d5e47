namespace Latecomer.Runtime.Sqlite;

/// <summary>Which actors there are. SQLite orders text by its UTF-8 bytes, which is the order of code points.</summary>
internal sealed class SqliteActors(SqliteReaders readers) : IActorStore
{
    public ValueTask<IReadOnlyList<ActorStatus>> List(string prefix, string? after, int limit, CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyList<ActorStatus>>(readers.Read(session => session.Query(
            "SELECT actor, shard, revision, length(body) FROM actor_state WHERE actor >= $1 AND actor < $2 AND actor > $3 ORDER BY actor LIMIT $4",
            row => new ActorStatus(row.Actor(0), new ShardId(row.GetInt32(1)), row.GetInt64(2), row.GetInt32(3)),
            prefix, prefix + Rows.Highest, after ?? "", limit)));
}
