namespace Latecomer.Runtime.Postgres;

/// <summary>What must still be as a batch of turns has it: its mail and timers, which it consumes, the states that it replaces, the
/// activities that it starts. Where it is not, the transaction ends.</summary>
internal sealed class TurnGuards(Statements statements, TurnBatch batch)
{
    private readonly int _shard = batch.Lease.Shard.Number;

    public void Add()
    {
        Consume();
        Fire();
        Replace();
        RefuseActivities();
    }

    private void Consume()
    {
        if (batch.Consumed.Count > 0)
        {
            statements.Call(
                """
                WITH gone AS (DELETE FROM latecomer.mailbox WHERE shard = $1 AND id = ANY ($2) RETURNING 1)
                SELECT latecomer.expect((SELECT count(*) FROM gone), $3)
                """,
                _shard, batch.Consumed.ToArray(), (long)batch.Consumed.Count);
        }
    }

    private void Fire()
    {
        if (batch.Fired.Count > 0)
        {
            statements.Call(
                """
                WITH gone AS (
                    DELETE FROM latecomer.timer AS t USING unnest($2::text[], $3::text[], $4::bigint[]) AS f (actor, name, generation)
                    WHERE t.shard = $1 AND t.actor = f.actor AND t.name = f.name AND t.generation = f.generation RETURNING 1)
                SELECT latecomer.expect((SELECT count(*) FROM gone), $5)
                """,
                _shard, Rows.Actors(batch.Fired), Rows.Names(batch.Fired), Rows.Generations(batch.Fired), (long)batch.Fired.Count);
        }
    }

    private void Replace()
    {
        if (batch.States.FindAll(s => s.Replaces == 0) is { Count: > 0 } young)
        {
            statements.Call(
                """
                WITH added AS (
                    INSERT INTO latecomer.actor_state (shard, actor, revision, schema_version, body)
                    SELECT $1, * FROM unnest($2::text[], $3::bigint[], $4::int[], $5::bytea[]) ON CONFLICT DO NOTHING RETURNING 1)
                SELECT latecomer.expect((SELECT count(*) FROM added), $6)
                """,
                _shard, young.ConvertAll(s => s.Image.Actor.ToString()).ToArray(), young.ConvertAll(s => s.Image.Revision).ToArray(),
                young.ConvertAll(s => s.Image.SchemaVersion).ToArray(), young.ConvertAll(s => s.Image.Body).ToArray(), (long)young.Count);
        }

        if (batch.States.FindAll(s => s.Replaces != 0) is { Count: > 0 } old)
        {
            statements.Call(
                """
                WITH replaced AS (
                    UPDATE latecomer.actor_state AS s SET revision = n.revision, schema_version = n.schema_version, body = n.body
                    FROM unnest($2::text[], $3::bigint[], $4::int[], $5::bytea[], $6::bigint[]) AS n (actor, revision, schema_version, body, replaces)
                    WHERE s.shard = $1 AND s.actor = n.actor AND s.revision = n.replaces RETURNING 1)
                SELECT latecomer.expect((SELECT count(*) FROM replaced), $7)
                """,
                _shard, old.ConvertAll(s => s.Image.Actor.ToString()).ToArray(), old.ConvertAll(s => s.Image.Revision).ToArray(),
                old.ConvertAll(s => s.Image.SchemaVersion).ToArray(), old.ConvertAll(s => s.Image.Body).ToArray(),
                old.ConvertAll(s => s.Replaces).ToArray(), (long)old.Count);
        }
    }

    private void RefuseActivities()
    {
        var started = batch.Activities.FindAll(a => a.Kind is not null).ConvertAll(a => a.Key);
        if (started.Count == 0)
        {
            return;
        }

        var seen = new HashSet<ActivityKey>();
        if (started.Exists(key => !seen.Add(key)))
        {
            var twice = started.GroupBy(key => key).First(g => g.Skip(1).Any()).Key;
            statements.Call("SELECT latecomer.refuse_activity($1, $2)", twice.Actor.ToString(), twice.Id);
        }

        statements.Call(
            """
            SELECT latecomer.refuse_activity(a.actor, a.id) FROM latecomer.activity AS a
            JOIN unnest($2::text[], $3::text[]) AS s (actor, id) ON a.shard = $1 AND a.actor = s.actor AND a.id = s.id LIMIT 1
            """,
            _shard, started.ConvertAll(k => k.Actor.ToString()).ToArray(), started.ConvertAll(k => k.Id).ToArray());
    }
}
