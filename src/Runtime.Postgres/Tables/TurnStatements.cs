namespace Latecomer.Runtime.Postgres;

/// <summary>The statements of a batch of turns: the fence first, then the other guards, then what is written; a table is one statement or
/// two, however many turns there are.</summary>
internal static class TurnStatements
{
    public static void Add(Statements statements, TurnBatch batch)
    {
        Fence(statements, batch.Lease);
        new TurnGuards(statements, batch).Add();
        CountAttempts(statements, batch.Lease.Shard, batch.FailedMail, batch.FailedTimers);
        new TurnWrites(statements, batch).Add();
    }

    /// <summary>Holds the lease for the rest of the transaction, or ends it.</summary>
    public static void Fence(Statements statements, Lease lease) =>
        statements.Call("SELECT latecomer.fence($1, $2, $3)", lease.Shard.Number, lease.Epoch, lease.Owner.Value);

    public static void CountAttempts(Statements statements, ShardId shard, IReadOnlyCollection<long> mail, IReadOnlyCollection<TimerKey> timers)
    {
        if (mail.Count > 0)
        {
            statements.Do("UPDATE latecomer.mailbox SET attempts = attempts + 1 WHERE shard = $1 AND id = ANY ($2)", shard.Number, mail.ToArray());
        }

        if (timers.Count > 0)
        {
            statements.Do(
                """
                UPDATE latecomer.timer AS t SET attempts = attempts + 1 FROM unnest($2::text[], $3::text[], $4::bigint[]) AS f (actor, name, generation)
                WHERE t.shard = $1 AND t.actor = f.actor AND t.name = f.name AND t.generation = f.generation
                """,
                shard.Number, Rows.Actors(timers), Rows.Names(timers), Rows.Generations(timers));
        }
    }
}
