using Latecomer.Runtime;

namespace Latecomer.Tests.Testing.Postgres.Model;

/// <summary>latecomer.fence, and what others have in its place.</summary>
public static class Fence
{
    /// <exception cref="ModelRefusal">The lease is lost.</exception>
    public static async ValueTask Pass(ModelTransaction t, Lease lease)
    {
        await t.Next("fence");
        var row = t.Database.Shards.At(lease.Shard.Number);
        if (!await Find(t, row, shard => shard.Epoch == lease.Epoch && shard.Owner == lease.Owner))
        {
            throw new ModelRefusal(SqlState.LeaseLost, "the lease is lost");
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
