using Latecomer.Runtime;

namespace Latecomer.Tests.Testing.Postgres.Model;

/// <summary>The statements of a batch of turns behind the fence, in the order of the store's <c>TurnGuards</c> and <c>TurnWrites</c>.</summary>
internal sealed class TurnStatements(ModelTransaction t, TurnBatch batch)
{
    private readonly ShardTables _tables = t.Database.TablesOf(batch.Lease.Shard);

    public async ValueTask Run()
    {
        await Consume();
        await Fire();
        await Replace();
        await RefuseActivities();
        await CountAttempts(t, batch.Lease.Shard, batch.FailedMail, batch.FailedTimers);
        await WriteJournal();
        await Reply();
        await Send();
        await ChangeTimers();
        await ChangeActivities();
        await SetAside();
        await Project();
    }

    public static async ValueTask CountAttempts(ModelTransaction t, ShardId shard, IReadOnlyCollection<long> mail, IReadOnlyCollection<TimerKey> timers)
    {
        if (mail.Count + timers.Count == 0)
        {
            return;
        }

        await t.Next("counting attempts");
        var tables = t.Database.TablesOf(shard);
        foreach (var id in mail)
        {
            await t.Change(tables.Mailbox.Find(id), _ => true, m => m with { Attempts = m.Attempts + 1 });
        }

        foreach (var timer in timers)
        {
            await t.Change(tables.Timers.Find((timer.Actor, timer.Name)), d => d.Key == timer, d => d with { Attempts = d.Attempts + 1 });
        }
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
        if (batch.Consumed.Count == 0)
        {
            return;
        }

        await t.Next("consuming");
        var gone = 0;
        foreach (var id in batch.Consumed)
        {
            gone += await t.Delete(_tables.Mailbox.Find(id), _ => true) is null ? 0 : 1;
        }

        if (t.Database.Weakness != Weakness.Uncounted)
        {
            Expect(gone, batch.Consumed.Count);
        }
    }

    private async ValueTask Fire()
    {
        if (batch.Fired.Count == 0)
        {
            return;
        }

        await t.Next("firing");
        var gone = 0;
        foreach (var timer in batch.Fired)
        {
            gone += await t.Delete(_tables.Timers.Find((timer.Actor, timer.Name)), d => d.Key == timer) is null ? 0 : 1;
        }

        if (t.Database.Weakness != Weakness.Uncounted)
        {
            Expect(gone, batch.Fired.Count);
        }
    }

    private async ValueTask Replace()
    {
        var young = batch.States.FindAll(s => s.Replaces == 0);
        if (young.Count > 0)
        {
            await t.Next("adding states");
            var added = 0;
            foreach (var (image, _) in young)
            {
                added += await t.TryInsert(_tables.States.At(image.Actor), image) ? 1 : 0;
            }

            Expect(added, young.Count);
        }

        var old = batch.States.FindAll(s => s.Replaces != 0);
        if (old.Count > 0)
        {
            await t.Next("replacing states");
            var replaced = 0;
            foreach (var (image, replaces) in old)
            {
                replaced += await t.Change(_tables.States.Find(image.Actor), s => s.Revision == replaces, _ => image) is null ? 0 : 1;
            }

            Expect(replaced, old.Count);
        }
    }

    private async ValueTask RefuseActivities()
    {
        var started = batch.Activities.FindAll(a => a.Kind is not null);
        if (started.Count == 0)
        {
            return;
        }

        await t.Next("looking for activities");
        var seen = new HashSet<ActivityKey>();
        foreach (var activity in started)
        {
            if (!seen.Add(activity.Key) || (t.Database.Activities.Find(activity.Key) is { } row && t.Visible(row) is not null))
            {
                throw InvalidTurnException.AlreadyStarted(activity.Key);
            }
        }
    }

    private async ValueTask WriteJournal()
    {
        if (batch.Journal.Count == 0)
        {
            return;
        }

        await t.Next("writing the journal");
        var position = _tables.Journal.Last(t)?.Position ?? 0;
        foreach (var entry in batch.Journal)
        {
            position++;
            await t.Insert(
                _tables.Journal.At(position),
                new JournalEntry(batch.Lease.Shard, position, entry.Actor, entry.Revision, entry.Entry, entry.Cause, batch.At));
        }
    }

    private async ValueTask Reply()
    {
        if (batch.Replies.Count == 0)
        {
            return;
        }

        await t.Next("replying");
        foreach (var (request, reply) in batch.Replies.DistinctBy(r => r.Request).OrderBy(r => r.Request.Value, StringComparer.Ordinal))
        {
            await t.Change(t.Database.Requests.Find(request), r => r.Reply is null, r => r with { Reply = reply });
        }
    }

    private async ValueTask Send()
    {
        if (batch.Sends.Count == 0)
        {
            return;
        }

        await t.Next("sending");
        foreach (var mail in batch.Sends)
        {
            await ModelTurns.Deliver(t, mail.Shard, id => new Mail(id, mail.To, mail.From, mail.Message, mail.Cause, Attempts: 0, Request: null));
        }
    }

    private async ValueTask ChangeTimers()
    {
        var changes = LastOfEach(batch.Timers, c => (c.Actor, c.Name));
        if (changes.Count == 0)
        {
            return;
        }

        await t.Next("removing timers");
        foreach (var change in changes)
        {
            await t.Delete(_tables.Timers.Find((change.Actor, change.Name)), _ => true);
        }

        await t.Next("setting timers");
        foreach (var change in changes)
        {
            if (change is { Due: { } due, Message: { } message })
            {
                var key = new TimerKey(change.Actor, change.Name, t.Database.NextNumber());
                await t.Insert(_tables.Timers.At((change.Actor, change.Name)), new DueTimer(key, due, message, change.Cause, Attempts: 0));
            }
        }
    }

    private async ValueTask ChangeActivities()
    {
        if (batch.Activities.Count == 0)
        {
            return;
        }

        await t.Next("starting activities");
        foreach (var change in batch.Activities)
        {
            if (change is { Kind: { } kind, Input: { } input })
            {
                await t.Insert(
                    t.Database.Activities.At(change.Key),
                    new ModelActivity(t.Database.NextNumber(), change.Key, batch.Lease.Shard, kind, input, change.Cause, Attempt: 0, Worker: null, CancelRequested: false));
            }
        }

        await t.Next("stopping activities");
        foreach (var change in LastOfEach(batch.Activities, a => a.Key).Where(a => a.Kind is null))
        {
            await t.Change(t.Database.Activities.Find(change.Key), _ => true, a => a with { CancelRequested = true });
        }
    }

    private async ValueTask SetAside()
    {
        foreach (var letter in batch.DeadLetters)
        {
            await t.Next("setting aside");
            var id = letter.Id == 0 ? t.Database.NextNumber() : letter.Id;
            await t.Insert(t.Database.DeadLetters.At(id), new ModelDeadLetter(batch.Lease.Shard, letter with { Id = id }));
        }
    }

    private async ValueTask Project()
    {
        var rows = LastOfEach(batch.Rows, r => (r.Projection, r.Key))
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
    private static List<T> LastOfEach<T, TKey>(List<T> changes, Func<T, TKey> key)
        where TKey : notnull
    {
        var last = new Dictionary<TKey, int>();
        for (var i = 0; i < changes.Count; i++)
        {
            last[key(changes[i])] = i;
        }

        return [.. changes.Where((change, i) => last[key(change)] == i)];
    }
}
