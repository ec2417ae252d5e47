using Latecomer.Runtime;
using Latecomer.Runtime.Postgres;

namespace Latecomer.Tests.Testing.Postgres.Model;

/// <summary>The statements of the store's <c>TurnWrites</c>, in its order, each of all batches.</summary>
internal sealed class TurnWrites(ModelTransaction t, IReadOnlyList<TurnBatch> batches)
{
    public async ValueTask Run()
    {
        await WriteJournal();
        await Reply();
        await Send();
        await ChangeTimers();
        await ChangeActivities();
        await SetAside();
        await Retire();
        await Project();
    }

    private async ValueTask WriteJournal()
    {
        var writing = batches.Where(b => b.Journal.Count > 0).ToList();
        if (writing.Count == 0)
        {
            return;
        }

        await t.Next("writing the journal");
        foreach (var batch in writing)
        {
            var journal = t.Database.TablesOf(batch.Lease.Shard).Journal;
            var position = journal.Last(t)?.Position ?? 0;
            foreach (var entry in batch.Journal)
            {
                position++;
                await t.Insert(
                    journal.At(position), new JournalEntry(batch.Lease.Shard, position, entry.Actor, entry.Revision, entry.Entry, entry.Cause, batch.At));
            }
        }
    }

    private async ValueTask Reply()
    {
        var replies = batches.SelectMany(b => b.Replies.Select(r => (r.Request, r.Reply, b.At))).ToList();
        if (replies.Count == 0)
        {
            return;
        }

        await t.Next("replying");
        foreach (var (request, reply, at) in replies.DistinctBy(r => r.Request).OrderBy(r => r.Request.Value, StringComparer.Ordinal))
        {
            await t.Change(t.Database.Requests.Find(request), r => r.Reply is null, r => r with { Reply = reply, AnsweredAt = at });
        }
    }

    private async ValueTask Send()
    {
        var sends = batches.SelectMany(b => b.Sends).ToList();
        if (sends.Count == 0)
        {
            return;
        }

        await t.Next("sending");
        foreach (var mail in sends)
        {
            await ModelTurns.Deliver(t, mail.Shard, id => new Mail(id, mail.To, mail.From, mail.Message, mail.Cause, Attempts: 0, Request: null));
        }
    }

    private async ValueTask ChangeTimers()
    {
        var changes = LastOfEach(Rows.Of(batches, b => b.Timers), c => (c.Actor, c.Name));
        if (changes.Count == 0)
        {
            return;
        }

        await t.Next("removing timers");
        foreach (var (shard, change) in changes)
        {
            await t.Delete(t.Database.TablesOf(shard).Timers.Find((change.Actor, change.Name)), _ => true);
        }

        await t.Next("setting timers");
        foreach (var (shard, change) in changes)
        {
            if (change is { Due: { } due, Message: { } message })
            {
                var key = new TimerKey(change.Actor, change.Name, t.Database.NextNumber());
                await t.Insert(t.Database.TablesOf(shard).Timers.At((change.Actor, change.Name)), new DueTimer(key, due, message, change.Cause, Attempts: 0));
            }
        }
    }

    private async ValueTask ChangeActivities()
    {
        var activities = Rows.Of(batches, b => b.Activities);
        if (activities.Count == 0)
        {
            return;
        }

        await t.Next("starting activities");
        foreach (var (shard, change) in activities)
        {
            if (change is { Kind: { } kind, Input: { } input })
            {
                await t.Insert(
                    t.Database.Activities.At(change.Key),
                    new ModelActivity(t.Database.NextNumber(), change.Key, new ShardId(shard), kind, input, change.Cause, Attempt: 0, Worker: null, CancelRequested: false));
            }
        }

        await t.Next("stopping activities");
        foreach (var (_, change) in LastOfEach(activities, a => a.Key).Where(a => a.Item.Kind is null))
        {
            await t.Change(t.Database.Activities.Find(change.Key), _ => true, a => a with { CancelRequested = true });
        }
    }

    private async ValueTask SetAside()
    {
        foreach (var (shard, letter) in Rows.Of(batches, b => b.DeadLetters))
        {
            await t.Next("setting aside");
            var id = letter.Id == 0 ? t.Database.NextNumber() : letter.Id;
            await t.Insert(t.Database.DeadLetters.At(id), new ModelDeadLetter(new ShardId(shard), letter with { Id = id }));
        }
    }

    private async ValueTask Retire()
    {
        var retired = batches.SelectMany(b => b.Retired.Select(r => new ModelRetired(b.At, r.Projection, r.Key))).ToList();
        if (retired.Count == 0)
        {
            return;
        }

        await t.Next("retiring rows");
        foreach (var row in retired)
        {
            await t.TryInsert(t.Database.Retired.At((row.At, row.Projection, row.Key)), row);
        }
    }

    private async ValueTask Project()
    {
        var rows = LastOfEach(Rows.Of(batches, b => b.Rows), r => (r.Projection, r.Key)).ConvertAll(r => r.Item)
            .OrderBy(r => r.Projection, StringComparer.Ordinal).ThenBy(r => r.Key, StringComparer.Ordinal).ToList();
        if (rows.Exists(r => r.Body is null))
        {
            await t.Next("removing rows");
            foreach (var (projection, key, _) in rows.Where(r => r.Body is null))
            {
                await t.Delete(t.Database.Projections.Find((projection, key)), _ => true);
            }
        }

        if (rows.Exists(r => r.Body is not null))
        {
            await t.Next("putting rows");
            foreach (var (projection, key, body) in rows.Where(r => r.Body is not null))
            {
                await Put((projection, key), new ProjectionRow(key, body!));
            }
        }
    }

    /// <summary>INSERT ... ON CONFLICT DO UPDATE.</summary>
    private async ValueTask Put((string Projection, string Key) key, ProjectionRow row)
    {
        while (!await t.TryInsert(t.Database.Projections.At(key), row))
        {
            // It updates the newest, whether or not the statement's snapshot has it.
            await t.Lock(t.Database.Projections.At(key), LockMode.NoKeyUpdate);
            if (t.Newest(t.Database.Projections.At(key)) is not null)
            {
                t.Database.Projections.At(key).Write(t, row);
                return;
            }
        }
    }

    /// <summary>The last of the changes to each thing, in the order of those.</summary>
    private static List<(int Shard, T Item)> LastOfEach<T, TKey>(List<(int Shard, T Item)> changes, Func<T, TKey> key)
        where TKey : notnull
    {
        var last = new Dictionary<TKey, int>();
        for (var i = 0; i < changes.Count; i++)
        {
            last[key(changes[i].Item)] = i;
        }

        return [.. changes.Where((change, i) => last[key(change.Item)] == i)];
    }
}
