using Latecomer.Runtime;
using Latecomer.Runtime.Postgres;

namespace Latecomer.Tests.Testing.Postgres.Model;

/// <summary>The statements of the store's <c>TurnGuards</c>, in its order: each is of all batches, and what it counts is counted over all of them.</summary>
internal sealed class TurnGuards(ModelTransaction t, IReadOnlyList<TurnBatch> batches)
{
    public async ValueTask Run()
    {
        await Consume();
        await Fire();
        await Add();
        await Replace();
        await AddRequests();
        await RefuseActivities();
    }

    private static void Expect(int counted, int wanted)
    {
        if (counted != wanted)
        {
            throw new ModelRefusal(SqlState.Stale, "the batch is stale");
        }
    }

    private async ValueTask Consume()
    {
        var consumed = Rows.Of(batches, b => b.Consumed);
        if (consumed.Count == 0)
        {
            return;
        }

        await t.Next("consuming");
        var gone = 0;
        foreach (var (shard, id) in consumed)
        {
            gone += await t.Delete(t.Database.TablesOf(shard).Mailbox.Find(id), _ => true) is null ? 0 : 1;
        }

        if (t.Database.Weakness != Weakness.Uncounted)
        {
            Expect(gone, consumed.Count);
        }
    }

    private async ValueTask Fire()
    {
        var fired = Rows.Of(batches, b => b.Fired);
        if (fired.Count == 0)
        {
            return;
        }

        await t.Next("firing");
        var gone = 0;
        foreach (var (shard, timer) in fired)
        {
            gone += await t.Delete(t.Database.TablesOf(shard).Timers.Find((timer.Actor, timer.Name)), d => d.Key == timer) is null ? 0 : 1;
        }

        if (t.Database.Weakness != Weakness.Uncounted)
        {
            Expect(gone, fired.Count);
        }
    }

    private async ValueTask Add()
    {
        var young = Rows.Of(batches, b => b.States).FindAll(s => s.Item.Replaces == 0);
        if (young.Count == 0)
        {
            return;
        }

        await t.Next("adding states");
        var added = 0;
        foreach (var (shard, (image, _)) in young)
        {
            added += await t.TryInsert(t.Database.TablesOf(shard).States.At(image.Actor), image) ? 1 : 0;
        }

        Expect(added, young.Count);
    }

    private async ValueTask Replace()
    {
        var old = Rows.Of(batches, b => b.States).FindAll(s => s.Item.Replaces != 0);
        if (old.Count == 0)
        {
            return;
        }

        await t.Next("replacing states");
        var replaced = 0;
        foreach (var (shard, (image, replaces)) in old)
        {
            replaced += await t.Change(t.Database.TablesOf(shard).States.Find(image.Actor), s => s.Revision == replaces, _ => image) is null ? 0 : 1;
        }

        Expect(replaced, old.Count);
    }

    private async ValueTask AddRequests()
    {
        var requests = batches.SelectMany(b => b.Requests).OrderBy(r => r.Id.Value, StringComparer.Ordinal).ToList();
        if (requests.Count == 0)
        {
            return;
        }

        await t.Next("adding requests");
        foreach (var request in requests)
        {
            var answering = batches.FirstOrDefault(b => b.Replies.Exists(r => r.Request == request.Id));
            var reply = answering?.Replies.Find(r => r.Request == request.Id).Reply;
            if (!await t.TryInsert(t.Database.Requests.At(request.Id), new ModelRequest(request.Hash, request.ExpiresAt, reply, answering?.At)) && t.Database.Weakness != Weakness.Unkeyed)
            {
                throw new ModelRefusal(SqlState.UniqueViolation);
            }
        }
    }

    private async ValueTask RefuseActivities()
    {
        var started = Rows.Of(batches, b => b.Activities).FindAll(a => a.Item.Kind is not null).ConvertAll(a => a.Item.Key);
        if (started.Count == 0)
        {
            return;
        }

        await t.Next("looking for activities");
        var seen = new HashSet<ActivityKey>();
        foreach (var key in started)
        {
            if (!seen.Add(key) || (t.Database.Activities.Find(key) is { } row && t.Visible(row) is not null))
            {
                throw new ModelRefusal(SqlState.ActivityRefused, $"{key.Actor}\n{key.Id}");
            }
        }
    }
}
