namespace Latecomer.Runtime.Postgres;

/// <summary>What batches of turns write. What they say twice of one row is said once, as it was said last.</summary>
internal sealed class TurnWrites(Statements statements, IReadOnlyList<TurnBatch> batches, IReadOnlyDictionary<RequestId, GivenReply> replyTo)
{
    public void Add()
    {
        WriteJournal();
        Reply();
        Send();
        ChangeTimers();
        ChangeActivities();
        SetAside();
        Retire();

        // Last, because rows of projections are the only ones that turns of two shards may share.
        Project();
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

    private void WriteJournal()
    {
        var journal = batches.SelectMany(b => b.Journal.Select((e, i) => (Shard: b.Lease.Shard.Number, Place: i + 1, Entry: e, b.At))).ToList();
        if (journal.Count > 0)
        {
            // Materialised, or the last position would be looked up for each entry, not for each shard. In order, because whoever reads the log of the
            // database sees the entries as they were written.
            statements.Do(
                """
                WITH p AS MATERIALIZED (
                    SELECT shard, coalesce((SELECT max(position) FROM latecomer.journal AS j WHERE j.shard = s.shard), 0) AS last
                    FROM unnest($10::int[]) AS s (shard))
                INSERT INTO latecomer.journal (shard, position, actor, revision, type, schema_version, body, cause, at)
                SELECT e.shard, last + place, actor, revision, type, schema_version, body, cause, at
                FROM (
                    SELECT unnest($1::int[]) AS shard, unnest($2::int[]) AS place, unnest($3::text[]) AS actor, unnest($4::bigint[]) AS revision,
                        unnest($5::text[]) AS type, unnest($6::int[]) AS schema_version, unnest($7::bytea[]) AS body, unnest($8::text[]) AS cause,
                        unnest($9::bigint[]) AS at) AS e
                JOIN p ON p.shard = e.shard ORDER BY e.shard, place
                """,
                journal.Column(e => e.Shard), journal.Column(e => e.Place), journal.Column(e => e.Entry.Actor.ToString()), journal.Column(e => e.Entry.Revision),
                journal.Column(e => e.Entry.Entry.Type), journal.Column(e => e.Entry.Entry.SchemaVersion), journal.Column(e => e.Entry.Entry.Body),
                journal.Column(e => e.Entry.Cause), journal.Column(e => e.At.UtcTicks),
                batches.Where(b => b.Journal.Count > 0).Select(b => b.Lease.Shard.Number).ToArray());
        }
    }

    private void Reply()
    {
        // Requests of these very batches were put with their replies.
        var own = batches.SelectMany(b => b.Requests).Select(r => r.Id).ToHashSet();
        var replies = replyTo.Where(r => !own.Contains(r.Key)).OrderBy(r => r.Key.Value, StringComparer.Ordinal).ToList();
        if (replies.Count > 0)
        {
            statements.Do(
                """
                UPDATE latecomer.request AS r SET status = a.status, body = a.body, message = a.message, answered_at = a.at
                FROM unnest($1::text[], $2::text[], $3::bytea[], $4::text[], $5::bigint[]) AS a (id, status, body, message, at)
                WHERE r.id = a.id AND r.status IS NULL
                """,
                replies.Column(r => r.Key.Value), replies.Column(r => r.Value.Reply.Status.ToString()), replies.Column(r => r.Value.Reply.Body),
                replies.Column(r => Rows.Sayable(r.Value.Reply.Message)), replies.Column(r => r.Value.At.UtcTicks));
        }
    }

    private void Send()
    {
        var sends = batches.SelectMany(b => b.Sends).ToList();
        if (sends.Count > 0)
        {
            // Ids in the order of sending: the number is drawn above the sort.
            statements.Do(
                """
                INSERT INTO latecomer.mailbox (id, shard, actor, sender, type, schema_version, body, cause, attempts)
                SELECT nextval('latecomer.number'), shard, actor, sender, type, schema_version, body, cause, 0
                FROM (
                    SELECT unnest($1::int[]) AS n, unnest($2::int[]) AS shard, unnest($3::text[]) AS actor, unnest($4::text[]) AS sender, unnest($5::text[]) AS type,
                        unnest($6::int[]) AS schema_version, unnest($7::bytea[]) AS body, unnest($8::text[]) AS cause ORDER BY n) AS sent
                """,
                Enumerable.Range(0, sends.Count).ToArray(), sends.Column(m => m.Shard.Number), sends.Column(m => m.To.ToString()), sends.Column(m => m.From?.ToString()), sends.Column(m => m.Message.Type),
                sends.Column(m => m.Message.SchemaVersion), sends.Column(m => m.Message.Body), sends.Column(m => m.Cause));
        }
    }

    private void ChangeTimers()
    {
        var changes = LastOfEach(Rows.Of(batches, b => b.Timers), t => (t.Actor, t.Name));
        if (changes.Count == 0)
        {
            return;
        }

        statements.Do(
            """
            DELETE FROM latecomer.timer WHERE ctid = ANY (ARRAY (
                SELECT found.ctid FROM unnest($1::int[], $2::text[], $3::text[]) AS c (shard, actor, name) CROSS JOIN LATERAL (
                    SELECT t.ctid FROM latecomer.timer AS t WHERE t.shard = c.shard AND t.actor = c.actor AND t.name = c.name OFFSET 0) AS found))
            """,
            changes.Column(t => t.Shard), changes.Column(t => t.Item.Actor.ToString()), changes.Column(t => t.Item.Name));
        if (changes.FindAll(t => t.Item is { Due: not null, Message: not null }) is { Count: > 0 } set)
        {
            statements.Do(
                """
                INSERT INTO latecomer.timer (generation, shard, actor, name, due_at, type, schema_version, body, cause, attempts)
                SELECT nextval('latecomer.number'), shard, actor, name, due_at, type, schema_version, body, cause, 0
                FROM (
                    SELECT * FROM unnest($1::int[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::int[], $7::bytea[], $8::text[])
                        WITH ORDINALITY AS t (shard, actor, name, due_at, type, schema_version, body, cause, n) ORDER BY n) AS set
                """,
                set.Column(t => t.Shard), set.Column(t => t.Item.Actor.ToString()), set.Column(t => t.Item.Name), set.Column(t => t.Item.Due!.Value.UtcTicks),
                set.Column(t => t.Item.Message!.Value.Type), set.Column(t => t.Item.Message!.Value.SchemaVersion), set.Column(t => t.Item.Message!.Value.Body),
                set.Column(t => t.Item.Cause));
        }
    }

    private void ChangeActivities()
    {
        var activities = Rows.Of(batches, b => b.Activities);
        if (activities.FindAll(a => a.Item is { Kind: not null, Input: not null }) is { Count: > 0 } started)
        {
            statements.Do(
                """
                INSERT INTO latecomer.activity (started, shard, actor, id, kind, input, cause, attempt, cancel_requested)
                SELECT nextval('latecomer.number'), shard, actor, id, kind, input, cause, 0, false
                FROM (
                    SELECT * FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::bytea[], $6::text[])
                        WITH ORDINALITY AS a (shard, actor, id, kind, input, cause, n) ORDER BY n) AS started
                """,
                started.Column(a => a.Shard), started.Column(a => a.Item.Key.Actor.ToString()), started.Column(a => a.Item.Key.Id),
                started.Column(a => a.Item.Kind!), started.Column(a => a.Item.Input!), started.Column(a => a.Item.Cause));
        }

        if (LastOfEach(activities, a => a.Key).FindAll(a => a.Item.Kind is null) is { Count: > 0 } stopped)
        {
            statements.Do(
                """
                UPDATE latecomer.activity AS a SET cancel_requested = true FROM unnest($1::int[], $2::text[], $3::text[]) AS c (shard, actor, id)
                WHERE a.shard = c.shard AND a.actor = c.actor AND a.id = c.id
                """,
                stopped.Column(a => a.Shard), stopped.Column(a => a.Item.Key.Actor.ToString()), stopped.Column(a => a.Item.Key.Id));
        }
    }

    private void SetAside()
    {
        foreach (var (shard, letter) in Rows.Of(batches, b => b.DeadLetters))
        {
            statements.Do(
                """
                INSERT INTO latecomer.dead_letter (id, shard, actor, sender, type, schema_version, body, cause, request, error, suspends, at)
                SELECT coalesce($1::bigint, nextval('latecomer.number')), $2, $3, $4::text, $5, $6, $7, $8, $9::text, $10, $11, $12
                """,
                letter.Id == 0 ? null : letter.Id, shard, letter.To.ToString(), letter.From?.ToString(), letter.Message.Type, letter.Message.SchemaVersion,
                letter.Message.Body, letter.Cause, letter.Request?.Value, Rows.Sayable(letter.Error), letter.Suspends, letter.At.UtcTicks);
        }
    }

    private void Retire()
    {
        var retired = batches.SelectMany(b => b.Retired.Select(r => (b.At, r.Projection, r.Key))).ToList();
        if (retired.Count > 0)
        {
            statements.Do(
                """
                INSERT INTO latecomer.retired (at, projection, key) SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[])
                ON CONFLICT DO NOTHING
                """,
                retired.Column(r => r.At.UtcTicks), retired.Column(r => r.Projection), retired.Column(r => r.Key));
        }
    }

    private void Project()
    {
        // In the order of their keys, so that two that write the same rows do not deadlock.
        var rows = LastOfEach(Rows.Of(batches, b => b.Rows), r => (r.Projection, r.Key)).ConvertAll(r => r.Item)
            .OrderBy(r => r.Projection, StringComparer.Ordinal).ThenBy(r => r.Key, StringComparer.Ordinal).ToList();
        if (rows.FindAll(r => r.Body is null) is { Count: > 0 } removed)
        {
            statements.Do(
                """
                DELETE FROM latecomer.projection AS p USING unnest($1::text[], $2::text[]) AS r (projection, key)
                WHERE p.projection = r.projection AND p.key = r.key
                """,
                removed.Column(r => r.Projection), removed.Column(r => r.Key));
        }

        if (rows.FindAll(r => r.Body is not null) is { Count: > 0 } put)
        {
            statements.Do(
                """
                INSERT INTO latecomer.projection (projection, key, body) SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[])
                ON CONFLICT (projection, key) DO UPDATE SET body = excluded.body
                """,
                put.Column(r => r.Projection), put.Column(r => r.Key), put.Column(r => r.Body!));
        }
    }
}
