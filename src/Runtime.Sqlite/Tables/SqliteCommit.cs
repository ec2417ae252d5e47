namespace Latecomer.Runtime.Sqlite;

/// <summary>One commit, within a write that is undone unless this ends as committed.</summary>
internal sealed class SqliteCommit(SqliteSession session, TurnBatch batch, Func<long> nextId)
{
    private readonly int _shard = batch.Lease.Shard.Number;

    public static void CountAttempts(SqliteSession session, IEnumerable<long> mail, IEnumerable<TimerKey> timers)
    {
        foreach (var id in mail)
        {
            session.Execute("UPDATE mailbox SET attempts = attempts + 1 WHERE id = $1", id);
        }

        foreach (var timer in timers)
        {
            session.Execute("UPDATE timer SET attempts = attempts + 1 WHERE generation = $1", timer.Generation);
        }
    }

    public CommitOutcome Run()
    {
        if (!Rows.IsHeld(session, batch.Lease))
        {
            return CommitOutcome.LeaseLost;
        }

        if (!batch.Consumed.TrueForAll(Consume) || !batch.Fired.TrueForAll(Fire) || !batch.States.TrueForAll(s => Replace(s.Image, s.Replaces)))
        {
            return CommitOutcome.Stale;
        }

        if (!batch.Requests.TrueForAll(Add))
        {
            return CommitOutcome.RequestKnown;
        }

        CountAttempts(session, batch.FailedMail, batch.FailedTimers);
        WriteJournal();
        batch.Rows.ForEach(r => Project(r.Projection, r.Key, r.Body));
        batch.Retired.ForEach(r => session.Execute(
            "INSERT INTO retired (at, projection, key) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", batch.At.UtcTicks, r.Projection, r.Key));
        batch.Replies.ForEach(r => session.Execute(
            "UPDATE request SET status = $1, body = $2, message = $3, answered_at = $4 WHERE id = $5 AND status IS NULL",
            r.Reply.Status.ToString(), r.Reply.Body, r.Reply.Message, batch.At.UtcTicks, r.Request.Value));
        batch.Sends.ForEach(m => Rows.Deliver(session, nextId(), m.Shard, m.To, m.From, m.Message, m.Cause));
        batch.Timers.ForEach(ChangeTimer);
        batch.Activities.ForEach(ChangeActivity);
        batch.DeadLetters.ForEach(SetAside);
        return CommitOutcome.Committed;
    }

    private bool Add(NewRequest request) => session.Execute(
        "INSERT INTO request (id, hash, expires_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", request.Id.Value, request.Hash, request.ExpiresAt.UtcTicks) == 1;

    private bool Consume(long id) => session.Execute("DELETE FROM mailbox WHERE id = $1 AND shard = $2", id, _shard) == 1;

    private bool Fire(TimerKey key) => session.Execute(
        "DELETE FROM timer WHERE generation = $1 AND actor = $2 AND name = $3", key.Generation, key.Actor.ToString(), key.Name) == 1;

    private bool Replace(StateImage image, long replaces) => replaces == 0
        ? session.Execute(
            "INSERT INTO actor_state (actor, shard, revision, schema_version, body) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            image.Actor.ToString(), _shard, image.Revision, image.SchemaVersion, image.Body) == 1
        : session.Execute(
            "UPDATE actor_state SET revision = $1, schema_version = $2, body = $3 WHERE actor = $4 AND revision = $5",
            image.Revision, image.SchemaVersion, image.Body, image.Actor.ToString(), replaces) == 1;

    private void WriteJournal()
    {
        if (batch.Journal.Count == 0)
        {
            return;
        }

        var position = session.Number("SELECT max(position) FROM journal WHERE shard = $1", _shard) ?? 0;
        foreach (var entry in batch.Journal)
        {
            session.Execute(
                "INSERT INTO journal (shard, position, actor, revision, type, schema_version, body, cause, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                _shard, ++position, entry.Actor.ToString(), entry.Revision, entry.Entry.Type, entry.Entry.SchemaVersion, entry.Entry.Body, entry.Cause, batch.At.UtcTicks);
        }
    }

    private void Project(string projection, string key, byte[]? body)
    {
        if (body is null)
        {
            session.Execute("DELETE FROM projection WHERE projection = $1 AND key = $2", projection, key);
        }
        else
        {
            session.Execute(
                "INSERT INTO projection (projection, key, body) VALUES ($1, $2, $3) ON CONFLICT DO UPDATE SET body = excluded.body",
                projection, key, body);
        }
    }

    private void ChangeTimer(NewTimer change)
    {
        var actor = change.Actor.ToString();
        session.Execute("DELETE FROM timer WHERE actor = $1 AND name = $2", actor, change.Name);
        if (change is { Due: { } due, Message: { } message })
        {
            session.Execute(
                "INSERT INTO timer (generation, shard, actor, name, due_at, type, schema_version, body, cause, attempts) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0)",
                nextId(), _shard, actor, change.Name, due.UtcTicks, message.Type, message.SchemaVersion, message.Body, change.Cause);
        }
    }

    private void ChangeActivity(NewActivity change)
    {
        var actor = change.Key.Actor.ToString();
        if (change is not { Kind: { } kind, Input: { } input })
        {
            session.Execute("UPDATE activity SET cancel_requested = 1 WHERE actor = $1 AND id = $2", actor, change.Key.Id);
            return;
        }

        var added = session.Execute(
            """
            INSERT INTO activity (started, shard, actor, id, kind, input, cause, attempt, cancel_requested)
            VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0) ON CONFLICT DO NOTHING
            """,
            nextId(), _shard, actor, change.Key.Id, kind, input, change.Cause);
        if (added == 0)
        {
            throw InvalidTurnException.AlreadyStarted(change.Key);
        }
    }

    private void SetAside(DeadLetter letter) => session.Execute(
        """
        INSERT INTO dead_letter (id, shard, actor, sender, type, schema_version, body, cause, request, error, suspends, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        """,
        letter.Id == 0 ? nextId() : letter.Id, _shard, letter.To.ToString(), letter.From?.ToString(), letter.Message.Type, letter.Message.SchemaVersion,
        letter.Message.Body, letter.Cause, letter.Request?.Value, letter.Error, letter.Suspends, letter.At.UtcTicks);
}
