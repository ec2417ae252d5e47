namespace Latecomer.Runtime.Sqlite;

/// <summary>The shard table.</summary>
internal sealed class SqliteLeases(SqliteWriter writer, SqliteReaders readers, StoreClock clock) : ILeaseStore
{
    public ValueTask<IReadOnlyList<ShardOwnership>> List(CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyList<ShardOwnership>>(readers.Read(session => session.Query(
            "SELECT shard, epoch, owner FROM lease ORDER BY shard",
            row => new ShardOwnership(new ShardId(row.GetInt32(0)), row.GetInt64(1), row.IncarnationOrNull(2)))));

    public ValueTask<IReadOnlyList<Lease>> TakeOver(IReadOnlyCollection<ShardOwnership> seen, Incarnation node, CancellationToken cancellation) =>
        writer.Write(session =>
        {
            var taken = new List<Lease>();
            var now = clock.Now();
            foreach (var shard in Rows.IsLive(session, node, now) ? seen : [])
            {
                if (TakeOne(session, shard, node, now))
                {
                    taken.Add(new Lease(shard.Shard, shard.Epoch + 1, node));
                }
            }

            return new Written<IReadOnlyList<Lease>>(taken, Keep: taken.Count > 0);
        });

    public ValueTask<IReadOnlyList<Lease>> Release(IReadOnlyCollection<Lease> leases, CancellationToken cancellation) => writer.Write(session =>
    {
        var released = leases.Where(lease => session.Execute(
            "UPDATE lease SET owner = NULL, epoch = epoch + 1 WHERE shard = $1 AND epoch = $2 AND owner = $3",
            lease.Shard.Number, lease.Epoch, lease.Owner.ToString()) == 1).ToList();
        return new Written<IReadOnlyList<Lease>>(released, Keep: released.Count > 0);
    });

    private static bool TakeOne(SqliteSession session, ShardOwnership seen, Incarnation node, DateTimeOffset now)
    {
        if (seen.Epoch == 0)
        {
            session.Execute("INSERT INTO lease (shard, epoch) VALUES ($1, 0) ON CONFLICT DO NOTHING", seen.Shard.Number);
        }

        return session.Execute(
            """
            UPDATE lease SET owner = $1, epoch = epoch + 1 WHERE shard = $2 AND epoch = $3
            AND NOT EXISTS (SELECT 1 FROM node WHERE incarnation = lease.owner AND incarnation <> $1 AND expires_at > $4)
            """,
            node.ToString(), seen.Shard.Number, seen.Epoch, now.UtcTicks) == 1;
    }
}
