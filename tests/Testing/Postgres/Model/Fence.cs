using Latecomer.Runtime;

namespace Latecomer.Tests.Testing.Postgres.Model;

/// <summary>latecomer.fence, and what others have in its place.</summary>
public static class Fence
{
    /// <summary>One statement, which asks for each lease in turn.</summary>
    /// <exception cref="ModelRefusal">A lease is lost.</exception>
    public static async ValueTask Pass(ModelTransaction t, IReadOnlyList<Lease> leases)
    {
        await t.Next("fence");
        var held = 0;
        foreach (var lease in leases)
        {
            // A function that is volatile: each time it looks with a snapshot of its own.
            t.LookAgain();
            var row = t.Database.Shards.At(lease.Shard.Number);
            var isHeld = await Find(t, row, shard => shard.Epoch == lease.Epoch && shard.Owner == lease.Owner);
            held += isHeld ? 1 : 0;
            if (!isHeld && t.Database.Weakness != Weakness.FenceOfAny)
            {
                throw new ModelRefusal(SqlState.LeaseLost, "the lease is lost");
            }
        }

        if (held == 0)
        {
            throw new ModelRefusal(SqlState.LeaseLost, "the leases are lost");
        }
    }

    private static async ValueTask<bool> Find(ModelTransaction t, Row<ShardOwnership> row, Func<ShardOwnership, bool> isHeld)
    {
        bool Seen() => t.Visible(row) is { } shard && isHeld(shard);

        switch (t.Database.Weakness)
        {
            case Weakness.PlainSelect or Weakness.RepeatableRead:
                return Seen();
            case Weakness.Uncounted:
                return true;
            case Weakness.InsideAnUpdate:
                await t.Lock(t.Database.TheStore, LockMode.NoKeyUpdate);
                return Seen();
            case Weakness.AdvisoryLock when Seen():
                await t.Lock(t.Database.Advisory($"fence {row.Newest(t)!.Shard}"), LockMode.Update);
                return true;
            case Weakness.AdvisoryLock:
                return false;
            default:
                t.HoldsLeases = true;
                return await t.Select(row, isHeld, Mode(t.Database.Weakness)) is not null;
        }
    }

    private static LockMode Mode(Weakness weakness) => weakness switch
    {
        Weakness.ForKeyShare => LockMode.KeyShare,
        Weakness.ForShare => LockMode.Share,
        _ => LockMode.NoKeyUpdate,
    };
}
