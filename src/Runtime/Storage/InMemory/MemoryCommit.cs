namespace Latecomer.Runtime;

/// <summary>One commit: first every check, then every change, so that a refused batch leaves no trace.</summary>
internal sealed class MemoryCommit(MemoryTables tables, TurnBatch batch)
{
    private readonly MemoryShard _rows = tables.Shard(batch.Lease.Shard);

    public CommitOutcome Run()
    {
        if (!tables.IsHeld(batch.Lease))
        {
            return CommitOutcome.LeaseLost;
        }

        if (!IsCurrent())
        {
            return CommitOutcome.Stale;
        }

        if (batch.Requests.Exists(r => tables.Requests.ContainsKey(r.Id)) || batch.Requests.DistinctBy(r => r.Id).Count() < batch.Requests.Count)
        {
            return CommitOutcome.RequestKnown;
        }

        RefuseStartedTwice();
        Take();
        Write();
        Send();
        return CommitOutcome.Committed;
    }

    private bool IsCurrent() =>
        batch.Consumed.TrueForAll(_rows.Mail.ContainsKey)
        && batch.Fired.TrueForAll(_rows.Has)
        && batch.States.TrueForAll(s => (_rows.States.GetValueOrDefault(s.Image.Actor)?.Revision ?? 0) == s.Replaces);

    private void RefuseStartedTwice()
    {
        var started = new HashSet<ActivityKey>();
        foreach (var activity in batch.Activities.Where(a => a.Kind is not null))
        {
            if (tables.Activities.ContainsKey(activity.Key) || !started.Add(activity.Key))
            {
                throw InvalidTurnException.AlreadyStarted(activity.Key);
            }
        }
    }

    private void Take()
    {
        batch.Consumed.ForEach(id => _rows.Mail.Remove(id));
        batch.Fired.ForEach(key => _rows.RemoveTimer(key.Actor, key.Name));
        batch.FailedMail.ForEach(_rows.CountAttempt);
        batch.FailedTimers.ForEach(_rows.CountAttempt);
    }

    private void Write()
    {
        foreach (var (image, _) in batch.States)
        {
            _rows.States[image.Actor] = image;
        }

        var position = _rows.Journal.Count == 0 ? 0 : _rows.Journal[^1].Position;
        foreach (var entry in batch.Journal)
        {
            _rows.Journal.Add(new JournalEntry(
                batch.Lease.Shard, ++position, entry.Actor, entry.Revision, entry.Entry, entry.Cause, batch.At));
        }

        foreach (var (projection, key, body) in batch.Rows)
        {
            MemoryProjections.Write(tables, projection, key, body);
        }

        batch.Requests.ForEach(r => tables.Requests.Add(r.Id, new RequestRow(r.Hash, r.ExpiresAt)));
        tables.Retired.UnionWith(batch.Retired.Select(r => new RetiredRow(batch.At, r.Projection, r.Key)));

        foreach (var (request, reply) in batch.Replies)
        {
            if (tables.Requests.TryGetValue(request, out var row) && row.Reply is null)
            {
                (row.Reply, row.AnsweredAt) = (reply, batch.At);
            }
        }
    }

    private void Send()
    {
        foreach (var mail in batch.Sends)
        {
            tables.Deliver(mail.Shard, mail.To, mail.From, mail.Message, mail.Cause);
        }

        batch.Timers.ForEach(ChangeTimer);
        batch.Activities.ForEach(ChangeActivity);
        foreach (var letter in batch.DeadLetters)
        {
            var id = letter.Id == 0 ? tables.NextId() : letter.Id;
            tables.DeadLetters.Add(id, (batch.Lease.Shard, letter with { Id = id }));
            if (letter.Suspends)
            {
                _rows.Suspend(letter.To);
            }
        }
    }

    private void ChangeTimer(NewTimer change)
    {
        if (change is { Due: { } due, Message: { } message })
        {
            var key = new TimerKey(change.Actor, change.Name, tables.NextId());
            _rows.SetTimer(new DueTimer(key, due, message, change.Cause, Attempts: 0));
        }
        else
        {
            _rows.RemoveTimer(change.Actor, change.Name);
        }
    }

    private void ChangeActivity(NewActivity change)
    {
        if (change is { Kind: { } kind, Input: { } input })
        {
            tables.Activities.Add(change.Key, new ActivityRow(tables.NextId(), change.Key, batch.Lease.Shard, kind, input, change.Cause));
        }
        else if (tables.Activities.TryGetValue(change.Key, out var row))
        {
            row.CancelRequested = true;
        }
    }
}
