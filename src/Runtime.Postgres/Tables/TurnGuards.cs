namespace Latecomer.Runtime.Postgres;

/// <summary>What must still be as batches of turns have it: their mail and timers, which they consume, the states that they replace, the
/// activities that they start. Where it is not, the transaction ends.
/// <para>What is consumed is looked up key by key, which OFFSET 0 sees to. Left to itself, the server begins with all that it thinks is there, and of tables that are
/// mostly empty it thinks that this is nothing: then it passes everything that is gone and not cleaned up yet.</para></summary>
internal sealed class TurnGuards(Statements statements, IReadOnlyList<TurnBatch> batches, IReadOnlyDictionary<RequestId, GivenReply> replyTo)
{
    public void Add()
    {
        Consume();
        Fire();
        Replace();
        AddRequests();
        RefuseActivities();
    }

    private void Consume()
    {
        if (Rows.Of(batches, b => b.Consumed) is { Count: > 0 } consumed)
        {
            statements.Call(
                """
                WITH gone AS (
                    DELETE FROM latecomer.mailbox WHERE ctid = ANY (ARRAY (
                        SELECT found.ctid FROM (SELECT unnest($1::int[]) AS shard, unnest($2::bigint[]) AS id) AS c CROSS JOIN LATERAL (
                            SELECT m.ctid FROM latecomer.mailbox AS m WHERE m.shard = c.shard AND m.id = c.id OFFSET 0) AS found)) RETURNING 1)
                SELECT latecomer.expect((SELECT count(*) FROM gone), $3)
                """,
                consumed.Column(c => c.Shard), consumed.Column(c => c.Item), (long)consumed.Count);
        }
    }

    private void Fire()
    {
        if (Rows.Of(batches, b => b.Fired) is { Count: > 0 } fired)
        {
            statements.Call(
                """
                WITH gone AS (
                    DELETE FROM latecomer.timer WHERE ctid = ANY (ARRAY (
                        SELECT found.ctid FROM unnest($1::int[], $2::text[], $3::text[], $4::bigint[]) AS f (shard, actor, name, generation) CROSS JOIN LATERAL (
                            SELECT t.ctid FROM latecomer.timer AS t
                            WHERE t.shard = f.shard AND t.actor = f.actor AND t.name = f.name AND t.generation = f.generation OFFSET 0) AS found)) RETURNING 1)
                SELECT latecomer.expect((SELECT count(*) FROM gone), $5)
                """,
                fired.Column(f => f.Shard), fired.Column(f => f.Item.Actor.ToString()), fired.Column(f => f.Item.Name), fired.Column(f => f.Item.Generation),
                (long)fired.Count);
        }
    }

    private void Replace()
    {
        var states = Rows.Of(batches, b => b.States);
        if (states.FindAll(s => s.Item.Replaces == 0) is { Count: > 0 } young)
        {
            statements.Call(
                """
                WITH added AS (
                    INSERT INTO latecomer.actor_state (shard, actor, revision, schema_version, body)
                    SELECT unnest($1::int[]), unnest($2::text[]), unnest($3::bigint[]), unnest($4::int[]), unnest($5::bytea[]) ON CONFLICT DO NOTHING RETURNING 1)
                SELECT latecomer.expect((SELECT count(*) FROM added), $6)
                """,
                young.Column(s => s.Shard), young.Column(s => s.Item.Image.Actor.ToString()), young.Column(s => s.Item.Image.Revision),
                young.Column(s => s.Item.Image.SchemaVersion), young.Column(s => s.Item.Image.Body), (long)young.Count);
        }

        if (states.FindAll(s => s.Item.Replaces != 0) is { Count: > 0 } old)
        {
            statements.Call(
                """
                WITH replaced AS (
                    UPDATE latecomer.actor_state AS s SET revision = n.revision, schema_version = n.schema_version, body = n.body
                    FROM (
                        SELECT unnest($1::int[]) AS shard, unnest($2::text[]) AS actor, unnest($3::bigint[]) AS revision, unnest($4::int[]) AS schema_version,
                            unnest($5::bytea[]) AS body, unnest($6::bigint[]) AS replaces) AS n
                    WHERE s.shard = n.shard AND s.actor = n.actor AND s.revision = n.replaces RETURNING 1)
                SELECT latecomer.expect((SELECT count(*) FROM replaced), $7)
                """,
                old.Column(s => s.Shard), old.Column(s => s.Item.Image.Actor.ToString()), old.Column(s => s.Item.Image.Revision),
                old.Column(s => s.Item.Image.SchemaVersion), old.Column(s => s.Item.Image.Body), old.Column(s => s.Item.Replaces), (long)old.Count);
        }
    }

    /// <summary>One that is there breaks the table's key, which ends the transaction. In the order of their ids, so that two that put the same ones do not deadlock.</summary>
    private void AddRequests()
    {
        var requests = batches.SelectMany(b => b.Requests).OrderBy(r => r.Id.Value, StringComparer.Ordinal).ToList();
        if (requests.Count > 0)
        {
            var replies = requests.ConvertAll(r => replyTo.GetValueOrDefault(r.Id));
            statements.Do(
                """
                INSERT INTO latecomer.request (id, hash, expires_at, status, body, message, answered_at)
                SELECT unnest($1::text[]), unnest($2::text[]), unnest($3::bigint[]), unnest($4::text[]), unnest($5::bytea[]), unnest($6::text[]), unnest($7::bigint[])
                """,
                requests.Column(r => r.Id.Value), requests.Column(r => r.Hash), requests.Column(r => r.ExpiresAt.UtcTicks),
                replies.Column(r => r?.Reply.Status.ToString()), replies.Column(r => r?.Reply.Body), replies.Column(r => Rows.Sayable(r?.Reply.Message)),
                replies.Column(r => r?.At.UtcTicks));
        }
    }

    private void RefuseActivities()
    {
        var started = Rows.Of(batches, b => b.Activities).FindAll(a => a.Item.Kind is not null).ConvertAll(a => (a.Shard, a.Item.Key));
        if (started.Count == 0)
        {
            return;
        }

        var seen = new HashSet<ActivityKey>();
        if (started.Exists(s => !seen.Add(s.Key)))
        {
            var twice = started.GroupBy(s => s.Key).First(g => g.Skip(1).Any()).Key;
            statements.Call("SELECT latecomer.refuse_activity($1, $2)", twice.Actor.ToString(), twice.Id);
        }

        statements.Call(
            """
            SELECT latecomer.refuse_activity(s.actor, s.id) FROM unnest($1::int[], $2::text[], $3::text[]) AS s (shard, actor, id) CROSS JOIN LATERAL (
                SELECT 1 FROM latecomer.activity AS a WHERE a.shard = s.shard AND a.actor = s.actor AND a.id = s.id OFFSET 0) AS known LIMIT 1
            """,
            started.Column(s => s.Shard), started.Column(s => s.Key.Actor.ToString()), started.Column(s => s.Key.Id));
    }
}
