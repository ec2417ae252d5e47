using Microsoft.Data.Sqlite;

namespace Latecomer.Runtime.Sqlite;

/// <summary>The request table.</summary>
internal sealed class SqliteRequests(SqliteWriter writer, SqliteReaders readers) : IRequestStore
{
    public ValueTask<SubmitOutcome> Submit(NewRequest request, CancellationToken cancellation) => writer.Write(session =>
    {
        if (Find(session, request.Id, request.Hash) is { } known)
        {
            return Written.Nothing(known);
        }

        session.Execute(
            "INSERT INTO request (id, hash, expires_at) VALUES ($1, $2, $3)", request.Id.Value, request.Hash, request.ExpiresAt.UtcTicks);
        Rows.Deliver(session, writer.NextId(), request.Shard, request.To, from: null, request.Message, request.Cause, request.Id);
        return Written.Kept<SubmitOutcome>(new SubmitOutcome.Accepted());
    });

    public ValueTask<SubmitOutcome> Record(DecidedRequest request, CancellationToken cancellation) => writer.Write(session =>
        Find(session, request.Id, request.Hash) is { } known ? Written.Nothing(known) : Written.Kept(Add(session, request)));

    /// <summary>What became of a request; null if there is none of that id.</summary>
    public static SubmitOutcome? Find(SqliteSession session, RequestId id, string hash) =>
        session.Query("SELECT status, body, message, hash FROM request WHERE id = $1", row => (row.GetString(3), Reply(row)), id.Value) switch
        {
            [] => null,
            [var (known, _)] when known != hash => new SubmitOutcome.Mismatch(),
            [(_, { } reply)] => new SubmitOutcome.Decided(reply),
            _ => new SubmitOutcome.Pending(),
        };

    public static SubmitOutcome Add(SqliteSession session, DecidedRequest request)
    {
        session.Execute(
            "INSERT INTO request (id, hash, expires_at, status, body, message, answered_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            request.Id.Value, request.Hash, request.ExpiresAt.UtcTicks, request.Reply.Status.ToString(), request.Reply.Body, request.Reply.Message, request.At.UtcTicks);
        return new SubmitOutcome.Accepted();
    }

    public ValueTask<SubmitOutcome?> Find(RequestId request, string hash, CancellationToken cancellation) =>
        ValueTask.FromResult(readers.Read(session => Find(session, request, hash)));

    public ValueTask<StoredReply?> FindReply(RequestId request, CancellationToken cancellation) =>
        ValueTask.FromResult(readers.Read(session =>
            session.Query("SELECT status, body, message FROM request WHERE id = $1", Reply, request.Value) is [var reply] ? reply : null));

    public ValueTask<int> Expire(DateTimeOffset now, TimeSpan kept, int limit, CancellationToken cancellation) => writer.Write(session =>
    {
        var expired = session.Execute(
            """
            DELETE FROM request WHERE id IN (
                SELECT id FROM request WHERE status IS NOT NULL AND expires_at < $1 AND (answered_at IS NULL OR answered_at < $2) ORDER BY expires_at LIMIT $3)
            """,
            now.UtcTicks, (now - kept).UtcTicks, limit);
        return new Written<int>(expired, Keep: expired > 0);
    });

    private static StoredReply? Reply(SqliteDataReader row) => row.TextOrNull(0) is { } status
        ? new StoredReply(Enum.Parse<ReplyStatus>(status), row.IsDBNull(1) ? null : row.Bytes(1), row.TextOrNull(2))
        : null;
}
