namespace Latecomer.Runtime.Sqlite;

/// <summary>The dead letters.</summary>
internal sealed class SqliteDeadLetters(SqliteWriter writer, SqliteReaders readers) : IDeadLetterStore
{
    public ValueTask<IReadOnlyList<DeadLetter>> List(long after, int limit, bool suspendingOnly, CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyList<DeadLetter>>(readers.Read(session => session.Query(
            """
            SELECT id, actor, sender, type, schema_version, body, cause, request, error, suspends, at FROM dead_letter
            WHERE id > $1 AND (suspends OR NOT $3) ORDER BY id LIMIT $2
            """,
            row => new DeadLetter(
                row.GetInt64(0), row.Actor(1), row.ActorOrNull(2), row.Message(3), row.GetString(6), row.RequestOrNull(7), row.GetString(8),
                row.GetBoolean(9), row.Time(10)),
            after, limit, suspendingOnly)));

    public ValueTask<SubmitOutcome?> Settle(long id, LetterFate fate, DecidedRequest request, CancellationToken cancellation) => writer.Write(session =>
    {
        if (SqliteRequests.Find(session, request.Id, request.Hash) is { } known)
        {
            return Written.Nothing<SubmitOutcome?>(known);
        }

        if (fate == LetterFate.Retried)
        {
            session.Execute(
                """
                INSERT INTO mailbox (id, shard, actor, sender, type, schema_version, body, cause, attempts, request)
                SELECT id, shard, actor, sender, type, schema_version, body, cause, 0, request FROM dead_letter WHERE id = $1
                """,
                id);
        }

        return Remove(session, id) ? Written.Kept<SubmitOutcome?>(SqliteRequests.Add(session, request)) : Written.Nothing<SubmitOutcome?>(null);
    });

    private static bool Remove(SqliteSession session, long id) => session.Execute("DELETE FROM dead_letter WHERE id = $1", id) == 1;
}
