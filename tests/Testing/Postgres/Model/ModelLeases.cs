using Latecomer.Runtime;

namespace Latecomer.Tests.Testing.Postgres.Model;

/// <summary>The transactions of <c>PostgresLeases</c>.</summary>
internal sealed class ModelLeases(ModelConnection connection, IModelWatch watch) : ILeaseStore
{
    private ModelDatabase Database => connection.Database;

    public ValueTask<IReadOnlyList<ShardOwnership>> List(CancellationToken cancellation) => connection.Ask<IReadOnlyList<ShardOwnership>>(
        "list of leases", t => [.. Database.Shards.Rows.Select(t.Visible).OfType<ShardOwnership>().Where(s => s.Epoch > 0)]);

    public async ValueTask<IReadOnlyList<Lease>> TakeOver(IReadOnlyCollection<ShardOwnership> seen, Incarnation node, CancellationToken cancellation)
    {
        if (seen.Count == 0)
        {
            return [];
        }

        if (await TryTakeOver(seen, node) is { } taken)
        {
            return taken;
        }

        var ended = await connection.Ask("end of the silent", _ => Database.EndSilent(ModelDatabase.DefaultLockTimeout));
        return ended > 0 && await TryTakeOver(seen, node) is { } next ? next : await TakeFree(seen, node);
    }

    public ValueTask<IReadOnlyList<Lease>> Release(IReadOnlyCollection<Lease> leases, CancellationToken cancellation) =>
        connection.Run<IReadOnlyList<Lease>>("release", async t =>
        {
            await LockAll(t, leases.Select(l => l.Shard));
            await t.Next("giving up");
            var released = new List<Lease>();
            foreach (var lease in leases.OrderBy(l => l.Shard))
            {
                if (await GiveUp(t, lease))
                {
                    released.Add(lease);
                }
            }

            t.AfterCommit(() => watch.Released(released));
            return released;
        });

    private async ValueTask<IReadOnlyList<Lease>?> TryTakeOver(IReadOnlyCollection<ShardOwnership> seen, Incarnation node)
    {
        try
        {
            return await connection.Run("take-over", t => TakeOver(t, seen, node));
        }
        catch (StoreFaultException fault) when (ModelConnection.CodeOf(fault) == SqlState.LockNotAvailable)
        {
            return null;
        }
    }

    private async ValueTask<IReadOnlyList<Lease>> TakeFree(IReadOnlyCollection<ShardOwnership> seen, Incarnation node)
    {
        var free = await connection.Run("look for free leases", async t =>
        {
            await AddUnknown(t, seen);
            await t.Next("locking the free");
            t.HoldsLeases = true;
            var found = new List<ShardId>();
            foreach (var shard in seen.Select(s => s.Shard).Order())
            {
                if (await t.Select(Database.Shards.At(shard.Number), _ => true, LockMode.NoKeyUpdate, skipLocked: true) is not null)
                {
                    found.Add(shard);
                }
            }

            return found;
        });
        var worthTrying = seen.Where(s => free.Contains(s.Shard)).ToList();
        return worthTrying.Count == 0 ? [] : await TryTakeOver(worthTrying, node) ?? [];
    }

    private async ValueTask<IReadOnlyList<Lease>> TakeOver(ModelTransaction t, IReadOnlyCollection<ShardOwnership> seen, Incarnation node)
    {
        await AddUnknown(t, seen);
        await LockAll(t, seen.Select(s => s.Shard));
        await t.Next("taking");
        var taken = new List<Lease>();
        foreach (var shard in seen.OrderBy(s => s.Shard))
        {
            if (await Take(t, shard, node))
            {
                taken.Add(new Lease(shard.Shard, shard.Epoch + 1, node));
            }
        }

        t.AfterCommit(() => watch.Taken(taken));
        return taken;
    }

    internal async ValueTask<bool> Take(ModelTransaction t, ShardOwnership seen, Incarnation node)
    {
        bool MayTake(ShardOwnership now) => now.Epoch == seen.Epoch && ModelMembership.IsLive(t, node)
            && (now.Owner is not { } owner || owner == node || !ModelMembership.IsLive(t, owner));

        if (await t.Select(Database.Shards.At(seen.Shard.Number), MayTake, LockMode.NoKeyUpdate) is not { } before)
        {
            return false;
        }

        watch.Decided(node, before.Owner, Database.Now);
        await BeforeUpdate(t, seen.Shard);
        Database.Shards.At(seen.Shard.Number).Write(t, before with { Epoch = before.Epoch + 1, Owner = node });
        return true;
    }

    internal async ValueTask<bool> GiveUp(ModelTransaction t, Lease lease)
    {
        var row = Database.Shards.At(lease.Shard.Number);
        if (await t.Select(row, now => now.Epoch == lease.Epoch && now.Owner == lease.Owner, LockMode.NoKeyUpdate) is not { } before)
        {
            return false;
        }

        await BeforeUpdate(t, lease.Shard);
        row.Write(t, before with { Epoch = before.Epoch + 1, Owner = null });
        return true;
    }

    private async ValueTask AddUnknown(ModelTransaction t, IReadOnlyCollection<ShardOwnership> seen)
    {
        await t.Next("adding shards");
        foreach (var shard in seen.Where(s => s.Epoch == 0).OrderBy(s => s.Shard))
        {
            await t.TryInsert(Database.Shards.At(shard.Shard.Number), new ShardOwnership(shard.Shard, 0, Owner: null));
        }
    }

    internal async ValueTask LockAll(ModelTransaction t, IEnumerable<ShardId> shards)
    {
        await t.Next("locking leases");
        t.HoldsLeases = true;
        foreach (var shard in shards.Order())
        {
            await t.Select(Database.Shards.At(shard.Number), _ => true, LockMode.NoKeyUpdate);
        }
    }

    /// <summary>Where fences are advisory locks, a trigger takes them here too.</summary>
    private async ValueTask BeforeUpdate(ModelTransaction t, ShardId shard)
    {
        if (Database.Weakness == Weakness.AdvisoryLock)
        {
            await t.Lock(Database.Advisory($"fence {shard}"), LockMode.Update);
        }
    }
}
