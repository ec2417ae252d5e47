using Npgsql;

namespace Latecomer.Runtime.Postgres;

/// <summary>The shard table. Rows are locked in the order of their numbers, so that two nodes that want the same shards do not deadlock.</summary>
internal sealed class PostgresLeases(PostgresDatabase database, StoreClock clock) : ILeaseStore
{
    /// <summary>Waits for turns that are being committed, which is what makes a take-over final.</summary>
    internal const string LockAll = "SELECT 1 FROM latecomer.shard WHERE shard = ANY ($1) ORDER BY shard FOR NO KEY UPDATE";

    private const string LockFree = "SELECT shard FROM latecomer.shard WHERE shard = ANY ($1) ORDER BY shard FOR NO KEY UPDATE SKIP LOCKED";

    private const string AddThem = """
        INSERT INTO latecomer.shard (shard, epoch) SELECT wanted, 0 FROM unnest($1::int[]) AS wanted ORDER BY wanted
        ON CONFLICT DO NOTHING
        """;

    internal const string Take = """
        UPDATE latecomer.shard AS s SET owner = $3, epoch = s.epoch + 1
        FROM unnest($1::int[], $2::bigint[]) AS seen (shard, epoch)
        WHERE s.shard = seen.shard AND s.epoch = seen.epoch AND latecomer.is_live($3, $4)
        AND (s.owner IS NULL OR s.owner = $3 OR NOT latecomer.is_live(s.owner, $4))
        RETURNING s.shard, s.epoch
        """;

    internal const string GiveUp = """
        UPDATE latecomer.shard AS s SET owner = NULL, epoch = s.epoch + 1
        FROM unnest($1::int[], $2::bigint[], $3::uuid[]) AS held (shard, epoch, owner)
        WHERE s.shard = held.shard AND s.epoch = held.epoch AND s.owner = held.owner
        RETURNING s.shard
        """;

    public async ValueTask<IReadOnlyList<ShardOwnership>> List(CancellationToken cancellation) => await database.Query(
        "SELECT shard, epoch, owner FROM latecomer.shard WHERE epoch > 0 ORDER BY shard",
        row => new ShardOwnership(new ShardId(row.GetInt32(0)), row.GetInt64(1), row.IncarnationOrNull(2)),
        [], cancellation);

    public async ValueTask<IReadOnlyList<Lease>> TakeOver(IReadOnlyCollection<ShardOwnership> seen, Incarnation node, CancellationToken cancellation)
    {
        if (seen.Count == 0)
        {
            return [];
        }

        if (await TryTakeOver(seen, node, cancellation) is { } taken)
        {
            return taken;
        }

        // Whoever kept a lock from us either was waited for by the server, and is gone now, or is at work.
        return await EndSilent(cancellation) && await TryTakeOver(seen, node, cancellation) is { } next ? next : await TakeFree(seen, node, cancellation);
    }

    public async ValueTask<IReadOnlyList<Lease>> Release(IReadOnlyCollection<Lease> leases, CancellationToken cancellation)
    {
        var given = await database.Write(
            statements =>
            {
                statements.Call(LockAll, leases.Select(l => l.Shard.Number).ToArray());
                return statements.Ask(
                    GiveUp, row => row.GetInt32(0),
                    leases.Select(l => l.Shard.Number).ToArray(), leases.Select(l => l.Epoch).ToArray(), leases.Select(l => l.Owner.Value).ToArray());
            },
            cancellation);
        var released = given.ToHashSet();
        return [.. leases.Where(l => released.Contains(l.Shard.Number))];
    }

    /// <summary>Null if somebody kept a lock for too long.</summary>
    private async Task<IReadOnlyList<Lease>?> TryTakeOver(IReadOnlyCollection<ShardOwnership> seen, Incarnation node, CancellationToken cancellation)
    {
        try
        {
            return await Write(statements => TakeOver(statements, seen, node), cancellation);
        }
        catch (StoreFaultException fault) when (PostgresFault.CodeOf(fault) == PostgresErrorCodes.LockNotAvailable)
        {
            return null;
        }
    }

    /// <summary>A node that was stopped in the middle of sending a batch must not keep its shards until it goes on.</summary>
    private async Task<bool> EndSilent(CancellationToken cancellation) =>
        (await database.Query("SELECT latecomer.end_silent($1)", row => row.GetInt64(0), [PostgresDatabase.LockMilliseconds], cancellation))[0] > 0;

    /// <summary>One transaction that hangs must not keep every other shard of a dead node from its next owner.</summary>
    private async Task<IReadOnlyList<Lease>> TakeFree(IReadOnlyCollection<ShardOwnership> seen, Incarnation node, CancellationToken cancellation)
    {
        var free = await database.Write(
            statements =>
            {
                AddUnknown(statements, seen);
                return statements.Ask(LockFree, row => new ShardId(row.GetInt32(0)), Rows.Set(seen.Select(s => s.Shard)));
            },
            cancellation);
        var worthTrying = seen.Where(s => free.Contains(s.Shard)).ToList();
        return worthTrying.Count == 0 ? [] : await TryTakeOver(worthTrying, node, cancellation) ?? [];
    }

    private async Task<IReadOnlyList<Lease>> Write(Func<Statements, List<Lease>> take, CancellationToken cancellation) =>
        [.. (await database.Write(take, cancellation)).OrderBy(l => l.Shard)];

    private static void AddUnknown(Statements statements, IReadOnlyCollection<ShardOwnership> seen)
    {
        var unknown = seen.Where(s => s.Epoch == 0).Select(s => s.Shard.Number).ToArray();
        if (unknown.Length > 0)
        {
            statements.Do(AddThem, unknown);
        }
    }

    private List<Lease> TakeOver(Statements statements, IReadOnlyCollection<ShardOwnership> seen, Incarnation node)
    {
        AddUnknown(statements, seen);

        // Locked first, by a statement of its own: the next one then sees what the row is, not what it was.
        statements.Call(LockAll, Rows.Set(seen.Select(s => s.Shard)));
        return statements.Ask(
            Take, row => new Lease(new ShardId(row.GetInt32(0)), row.GetInt64(1), node),
            Rows.Set(seen.Select(s => s.Shard)), seen.Select(s => s.Epoch).ToArray(), node.Value, clock.Known);
    }
}
