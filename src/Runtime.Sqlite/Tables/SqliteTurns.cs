using Microsoft.Data.Sqlite;

namespace Latecomer.Runtime.Sqlite;

/// <summary>Mail, timers and states.</summary>
internal sealed class SqliteTurns(SqliteWriter writer, SqliteReaders readers, StoreClock clock) : ITurnStore
{
    private const string MailColumns = "id, actor, sender, type, schema_version, body, cause, attempts, request";

    private const string NotSuspended = "actor NOT IN (SELECT actor FROM dead_letter WHERE suspends = 1)";

    private const string HeadOfMail = $"SELECT {MailColumns} FROM mailbox WHERE shard = $1 AND {NotSuspended} ORDER BY id LIMIT $2";

    private const string MailOfEach = $"""
        SELECT {MailColumns} FROM mailbox WHERE id IN (
            SELECT id FROM (
                SELECT id, row_number() OVER (PARTITION BY actor ORDER BY id) AS place FROM mailbox WHERE shard = $1 AND {NotSuspended})
            WHERE place <= $2 ORDER BY id LIMIT $3)
        ORDER BY id
        """;

    private const string DueTimers = $"""
        SELECT actor, name, generation, due_at, type, schema_version, body, cause, attempts FROM timer
        WHERE shard = $1 AND due_at <= $2 AND {NotSuspended} ORDER BY due_at, generation LIMIT $3
        """;

    private const string ReadyOnes = $"""
        SELECT value FROM json_each($1)
        WHERE EXISTS (SELECT 1 FROM mailbox WHERE shard = value AND {NotSuspended})
        OR EXISTS (SELECT 1 FROM timer WHERE shard = value AND due_at <= $2 AND {NotSuspended})
        """;

    public ValueTask<ShardWork> ReadWork(ShardId shard, int perActor, int limit, CancellationToken cancellation) =>
        ValueTask.FromResult(readers.Read(session =>
        {
            var now = clock.Now();
            var mail = session.Query(HeadOfMail, Mail, shard.Number, limit);

            // When all of it fits, who has too much of it is told here; only a deep mailbox is worth the dear question.
            mail = mail.Count < limit ? FirstOfEach(mail, perActor) : session.Query(MailOfEach, Mail, shard.Number, perActor, limit);
            var timers = session.Query(DueTimers, Timer, shard.Number, now.UtcTicks, limit);
            var newest = session.Number("SELECT max(id) FROM mailbox WHERE shard = $1", shard.Number) ?? 0;
            var suspended = session.Query("SELECT actor FROM dead_letter WHERE suspends = 1 AND shard = $1", row => row.Actor(0), shard.Number);
            return new ShardWork(now, mail, timers, newest) { Suspended = suspended.ToHashSet() };
        }));

    public ValueTask<ReadyShards> Ready(IReadOnlyCollection<ShardId> shards, CancellationToken cancellation) =>
        ValueTask.FromResult(readers.Read(session =>
        {
            var now = clock.Now();
            var set = Rows.Set(shards);
            var ready = session.Query(ReadyOnes, row => new ShardId(row.GetInt32(0)), set, now.UtcTicks);
            var next = session.Number(
                "SELECT min((SELECT min(due_at) FROM timer WHERE shard = value AND due_at > $2)) FROM json_each($1)", set, now.UtcTicks);
            return new ReadyShards(now, ready, next is { } due ? new DateTimeOffset(due, TimeSpan.Zero) : null);
        }));

    public ValueTask<int> Waiting(int atMost, CancellationToken cancellation) =>
        ValueTask.FromResult(readers.Read(session => (int)session.Number("SELECT count(*) FROM (SELECT 1 FROM mailbox LIMIT $1)", atMost)!.Value));

    public ValueTask<IReadOnlyList<StateImage>> LoadStates(ShardId shard, IReadOnlyCollection<ActorId> actors, CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyList<StateImage>>(readers.Read(session => actors.SelectMany(actor => session.Query(
            "SELECT revision, schema_version, body FROM actor_state WHERE actor = $1",
            row => new StateImage(actor, row.GetInt64(0), row.GetInt32(1), row.Bytes(2)),
            actor.ToString())).ToList()));

    public ValueTask<bool> CountAttempts(Lease lease, IReadOnlyCollection<long> mail, IReadOnlyCollection<TimerKey> timers, CancellationToken cancellation) =>
        writer.Write(session =>
        {
            if (!Rows.IsHeld(session, lease))
            {
                return Written.Nothing(false);
            }

            SqliteCommit.CountAttempts(session, mail, timers);
            return Written.Kept(true);
        });

    public ValueTask<CommitOutcome> Commit(TurnBatch batch, CancellationToken cancellation) => writer.Write(session =>
    {
        var outcome = new SqliteCommit(session, batch, writer.NextId).Run();
        return new Written<CommitOutcome>(outcome, Keep: outcome == CommitOutcome.Committed);
    });

    private static Mail Mail(SqliteDataReader row) => new(
        row.GetInt64(0), row.Actor(1), row.ActorOrNull(2), row.Message(3), row.GetString(6), row.GetInt32(7), row.RequestOrNull(8));

    private static DueTimer Timer(SqliteDataReader row) => new(
        new TimerKey(row.Actor(0), row.GetString(1), row.GetInt64(2)), row.Time(3), row.Message(4), row.GetString(7), row.GetInt32(8));

    private static List<Mail> FirstOfEach(List<Mail> mail, int perActor)
    {
        var counts = new Dictionary<ActorId, int>();
        return mail.FindAll(m =>
        {
            var count = counts[m.To] = counts.GetValueOrDefault(m.To) + 1;
            return count <= perActor;
        });
    }
}
