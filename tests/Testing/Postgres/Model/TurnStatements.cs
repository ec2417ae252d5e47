using Latecomer.Runtime;
using Latecomer.Runtime.Postgres;

namespace Latecomer.Tests.Testing.Postgres.Model;

/// <summary>The statements of batches of turns, each of a shard of its own, in one transaction, as the store's <c>TurnStatements</c> has them.</summary>
internal static class TurnStatements
{
    public static async ValueTask Run(ModelTransaction t, IReadOnlyList<TurnBatch> batches)
    {
        var ordered = batches.OrderBy(b => b.Lease.Shard).ToList();
        await Fence.Pass(t, ordered.ConvertAll(b => b.Lease));
        await new TurnGuards(t, ordered).Run();
        await CountAttempts(t, Rows.Of(ordered, b => b.FailedMail), Rows.Of(ordered, b => b.FailedTimers));
        await new TurnWrites(t, ordered).Run();
    }

    public static async ValueTask CountAttempts(ModelTransaction t, List<(int Shard, long Id)> mail, List<(int Shard, TimerKey Key)> timers)
    {
        if (mail.Count > 0)
        {
            await t.Next("counting attempts of mail");
            foreach (var (shard, id) in mail)
            {
                await t.Change(t.Database.TablesOf(shard).Mailbox.Find(id), _ => true, m => m with { Attempts = m.Attempts + 1 });
            }
        }

        if (timers.Count > 0)
        {
            await t.Next("counting attempts of timers");
            foreach (var (shard, key) in timers)
            {
                await t.Change(t.Database.TablesOf(shard).Timers.Find((key.Actor, key.Name)), d => d.Key == key, d => d with { Attempts = d.Attempts + 1 });
            }
        }
    }
}
