namespace Latecomer.Runtime.Postgres;

/// <summary>What a batch of turns writes. What it says twice of one row is said once, as it was said last.</summary>
internal sealed class TurnWrites(Statements statements, TurnBatch batch)
{
    private readonly int _shard = batch.Lease.Shard.Number;

    public void Add()
    {
        WriteJournal();
        Reply();
        Send();
        ChangeTimers();
        ChangeActivities();
        SetAside();

        // Last, because rows of projections are the only ones that turns of two shards may share.
        Project();
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

    private void WriteJournal()
    {
        if (batch.Journal is { Count: > 0 } journal)
        {
            statements.Do(
                """
                INSERT INTO latecomer.journal (shard, position, actor, revision, type, schema_version, body, cause, at)
                SELECT $1, last + n, actor, revision, type, schema_version, body, cause, $8
                FROM unnest($2::text[], $3::bigint[], $4::text[], $5::int[], $6::bytea[], $7::text[])
                    WITH ORDINALITY AS e (actor, revision, type, schema_version, body, cause, n),
                (SELECT coalesce(max(position), 0) AS last FROM latecomer.journal WHERE shard = $1) AS p
                """,
                _shard, journal.ConvertAll(e => e.Actor.ToString()).ToArray(), journal.ConvertAll(e => e.Revision).ToArray(),
                journal.ConvertAll(e => e.Entry.Type).ToArray(), journal.ConvertAll(e => e.Entry.SchemaVersion).ToArray(),
                journal.ConvertAll(e => e.Entry.Body).ToArray(), journal.ConvertAll(e => e.Cause).ToArray(), batch.At.UtcTicks);
        }
    }

    private void Reply()
    {
        if (batch.Replies.Count > 0)
        {
            var first = batch.Replies.DistinctBy(r => r.Request).OrderBy(r => r.Request.Value, StringComparer.Ordinal).ToList();
            statements.Do(
                """
                UPDATE latecomer.request AS r SET status = a.status, body = a.body, message = a.message
                FROM unnest($1::text[], $2::text[], $3::bytea[], $4::text[]) AS a (id, status, body, message)
                WHERE r.id = a.id AND r.status IS NULL
                """,
                first.ConvertAll(r => r.Request.Value).ToArray(), first.ConvertAll(r => r.Reply.Status.ToString()).ToArray(),
                first.ConvertAll(r => r.Reply.Body).ToArray(), first.ConvertAll(r => Rows.Sayable(r.Reply.Message)).ToArray());
        }
    }

    private void Send()
    {
        if (batch.Sends is { Count: > 0 } sends)
        {
            // Ids in the order of sending: the number is drawn above the sort.
            statements.Do(
                """
                INSERT INTO latecomer.mailbox (id, shard, actor, sender, type, schema_version, body, cause, attempts)
                SELECT nextval('latecomer.number'), shard, actor, sender, type, schema_version, body, cause, 0
                FROM (
                    SELECT * FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::int[], $6::bytea[], $7::text[])
                        WITH ORDINALITY AS m (shard, actor, sender, type, schema_version, body, cause, n) ORDER BY n) AS sent
                """,
                sends.ConvertAll(m => m.Shard.Number).ToArray(), sends.ConvertAll(m => m.To.ToString()).ToArray(),
                sends.ConvertAll(m => m.From?.ToString()).ToArray(), sends.ConvertAll(m => m.Message.Type).ToArray(),
                sends.ConvertAll(m => m.Message.SchemaVersion).ToArray(), sends.ConvertAll(m => m.Message.Body).ToArray(),
                sends.ConvertAll(m => m.Cause).ToArray());
        }
    }

    private void ChangeTimers()
    {
        var changes = LastOfEach(batch.Timers, t => (t.Actor, t.Name));
        if (changes.Count == 0)
        {
            return;
        }

        statements.Do(
            """
            DELETE FROM latecomer.timer AS t USING unnest($2::text[], $3::text[]) AS c (actor, name)
            WHERE t.shard = $1 AND t.actor = c.actor AND t.name = c.name
            """,
            _shard, changes.ConvertAll(t => t.Actor.ToString()).ToArray(), changes.ConvertAll(t => t.Name).ToArray());
        if (changes.FindAll(t => t is { Due: not null, Message: not null }) is { Count: > 0 } set)
        {
            statements.Do(
                """
                INSERT INTO latecomer.timer (generation, shard, actor, name, due_at, type, schema_version, body, cause, attempts)
                SELECT nextval('latecomer.number'), $1, actor, name, due_at, type, schema_version, body, cause, 0
                FROM (
                    SELECT * FROM unnest($2::text[], $3::text[], $4::bigint[], $5::text[], $6::int[], $7::bytea[], $8::text[])
                        WITH ORDINALITY AS t (actor, name, due_at, type, schema_version, body, cause, n) ORDER BY n) AS set
                """,
                _shard, set.ConvertAll(t => t.Actor.ToString()).ToArray(), set.ConvertAll(t => t.Name).ToArray(),
                set.ConvertAll(t => t.Due!.Value.UtcTicks).ToArray(), set.ConvertAll(t => t.Message!.Value.Type).ToArray(),
                set.ConvertAll(t => t.Message!.Value.SchemaVersion).ToArray(), set.ConvertAll(t => t.Message!.Value.Body).ToArray(),
                set.ConvertAll(t => t.Cause).ToArray());
        }
    }

    private void ChangeActivities()
    {
        if (batch.Activities.FindAll(a => a is { Kind: not null, Input: not null }) is { Count: > 0 } started)
        {
            statements.Do(
                """
                INSERT INTO latecomer.activity (started, shard, actor, id, kind, input, cause, attempt, cancel_requested)
                SELECT nextval('latecomer.number'), $1, actor, id, kind, input, cause, 0, false
                FROM (
                    SELECT * FROM unnest($2::text[], $3::text[], $4::text[], $5::bytea[], $6::text[])
                        WITH ORDINALITY AS a (actor, id, kind, input, cause, n) ORDER BY n) AS started
                """,
                _shard, started.ConvertAll(a => a.Key.Actor.ToString()).ToArray(), started.ConvertAll(a => a.Key.Id).ToArray(),
                started.ConvertAll(a => a.Kind!).ToArray(), started.ConvertAll(a => a.Input!).ToArray(), started.ConvertAll(a => a.Cause).ToArray());
        }

        if (LastOfEach(batch.Activities, a => a.Key).FindAll(a => a.Kind is null) is { Count: > 0 } stopped)
        {
            statements.Do(
                """
                UPDATE latecomer.activity AS a SET cancel_requested = true FROM unnest($2::text[], $3::text[]) AS c (actor, id)
                WHERE a.shard = $1 AND a.actor = c.actor AND a.id = c.id
                """,
                _shard, stopped.ConvertAll(a => a.Key.Actor.ToString()).ToArray(), stopped.ConvertAll(a => a.Key.Id).ToArray());
        }
    }

    private void SetAside()
    {
        foreach (var letter in batch.DeadLetters)
        {
            statements.Do(
                """
                INSERT INTO latecomer.dead_letter (id, shard, actor, sender, type, schema_version, body, cause, request, error, suspends, at)
                SELECT coalesce($1::bigint, nextval('latecomer.number')), $2, $3, $4::text, $5, $6, $7, $8, $9::text, $10, $11, $12
                """,
                letter.Id == 0 ? null : letter.Id, _shard, letter.To.ToString(), letter.From?.ToString(), letter.Message.Type, letter.Message.SchemaVersion,
                letter.Message.Body, letter.Cause, letter.Request?.Value, Rows.Sayable(letter.Error), letter.Suspends, letter.At.UtcTicks);
        }
    }

    private void Project()
    {
        // In the order of their keys, so that two that write the same rows do not deadlock.
        var rows = LastOfEach(batch.Rows, r => (r.Projection, r.Key))
            .OrderBy(r => r.Projection, StringComparer.Ordinal).ThenBy(r => r.Key, StringComparer.Ordinal).ToList();
        if (rows.FindAll(r => r.Body is null) is { Count: > 0 } removed)
        {
            statements.Do(
                """
                DELETE FROM latecomer.projection AS p USING unnest($1::text[], $2::text[]) AS r (projection, key)
                WHERE p.projection = r.projection AND p.key = r.key
                """,
                removed.ConvertAll(r => r.Projection).ToArray(), removed.ConvertAll(r => r.Key).ToArray());
        }

        if (rows.FindAll(r => r.Body is not null) is { Count: > 0 } put)
        {
            statements.Do(
                """
                INSERT INTO latecomer.projection (projection, key, body) SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[])
                ON CONFLICT (projection, key) DO UPDATE SET body = excluded.body
                """,
                put.ConvertAll(r => r.Projection).ToArray(), put.ConvertAll(r => r.Key).ToArray(), put.ConvertAll(r => r.Body!).ToArray());
        }
    }
}
