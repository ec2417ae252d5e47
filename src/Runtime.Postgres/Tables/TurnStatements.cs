namespace Latecomer.Runtime.Postgres;

/// <summary>The statements of batches of turns, each of a shard of its own, that become real in one transaction: the fences first, then the other
/// guards, then what is written; a table is one statement or two, however many turns there are.</summary>
internal static class TurnStatements
{
    public static void Add(Statements statements, IReadOnlyList<TurnBatch> batches)
    {
        // In the order of their numbers, so that two that want the same shards do not deadlock.
        var ordered = batches.OrderBy(b => b.Lease.Shard).ToList();
        Fence(statements, ordered.ConvertAll(b => b.Lease));
        var replyTo = FirstReplies(ordered);
        new TurnGuards(statements, ordered, replyTo).Add();
        CountAttempts(statements, Rows.Of(ordered, b => b.FailedMail), Rows.Of(ordered, b => b.FailedTimers));
        new TurnWrites(statements, ordered, replyTo).Add();
    }

    private static Dictionary<RequestId, GivenReply> FirstReplies(List<TurnBatch> batches)
    {
        var first = new Dictionary<RequestId, GivenReply>();
        foreach (var batch in batches)
        {
            batch.Replies.ForEach(r => first.TryAdd(r.Request, new GivenReply(r.Reply, batch.At)));
        }

        return first;
    }

    /// <summary>Holds the leases for the rest of the transaction, or ends it.</summary>
    public static void Fence(Statements statements, IReadOnlyList<Lease> leases) => statements.Call(
        "SELECT latecomer.fence(shard, epoch, owner) FROM unnest($1::int[], $2::bigint[], $3::uuid[]) AS lease (shard, epoch, owner)",
        leases.Select(l => l.Shard.Number).ToArray(), leases.Select(l => l.Epoch).ToArray(), leases.Select(l => l.Owner.Value).ToArray());

    public static void CountAttempts(Statements statements, List<(int Shard, long Id)> mail, List<(int Shard, TimerKey Key)> timers)
    {
        if (mail.Count > 0)
        {
            statements.Do(
                """
                UPDATE latecomer.mailbox AS m SET attempts = attempts + 1 FROM unnest($1::int[], $2::bigint[]) AS f (shard, id)
                WHERE m.shard = f.shard AND m.id = f.id
                """,
                mail.Column(m => m.Shard), mail.Column(m => m.Id));
        }

        if (timers.Count > 0)
        {
            statements.Do(
                """
                UPDATE latecomer.timer AS t SET attempts = attempts + 1
                FROM unnest($1::int[], $2::text[], $3::text[], $4::bigint[]) AS f (shard, actor, name, generation)
                WHERE t.shard = f.shard AND t.actor = f.actor AND t.name = f.name AND t.generation = f.generation
                """,
                timers.Column(t => t.Shard), timers.Column(t => t.Key.Actor.ToString()), timers.Column(t => t.Key.Name), timers.Column(t => t.Key.Generation));
        }
    }
}

/// <summary>A reply, and when it was given.</summary>
internal sealed record GivenReply(StoredReply Reply, DateTimeOffset At);
