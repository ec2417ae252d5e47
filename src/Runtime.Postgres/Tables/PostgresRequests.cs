using Npgsql;

namespace Latecomer.Runtime.Postgres;

/// <summary>The request table. Requests that come at once share a transaction, and so do questions for replies.</summary>
internal sealed class PostgresRequests(PostgresDatabase database) : IRequestStore
{
    /// <summary>Those that are there are looked up first: their conflict would wait for a turn that is just answering them. In the order of their ids,
    /// so that two edges that are given the same do not deadlock; their messages in the order in which they came.</summary>
    private const string Add = """
        WITH asked AS (
            SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::int[], $5::text[], $6::text[], $7::int[], $8::bytea[], $9::text[])
                WITH ORDINALITY AS a (id, hash, expires_at, shard, actor, type, schema_version, body, cause, n)),
        added AS (
            INSERT INTO latecomer.request (id, hash, expires_at)
            SELECT id, hash, expires_at FROM asked AS a WHERE NOT EXISTS (SELECT 1 FROM latecomer.request AS r WHERE r.id = a.id) ORDER BY id COLLATE "C"
            ON CONFLICT DO NOTHING RETURNING id)
        INSERT INTO latecomer.mailbox (id, shard, actor, type, schema_version, body, cause, attempts, request)
        SELECT nextval('latecomer.number'), shard, actor, type, schema_version, body, cause, 0, id
        FROM (SELECT a.* FROM asked AS a JOIN added ON added.id = a.id ORDER BY n) AS sent
        RETURNING request
        """;

    private readonly Gathering<NewRequest, SubmitOutcome> _submits = new((requests, cancellation) => Submit(database, requests, cancellation)) { Apart = r => r.Id };

    private readonly Gathering<RequestId, StoredReply?> _replies = new((requests, cancellation) => FindReplies(database, requests, cancellation)) { Limit = 2048 };

    public async ValueTask<SubmitOutcome> Submit(NewRequest request, CancellationToken cancellation) => await _submits.Call(request, cancellation);

    public async ValueTask<SubmitOutcome> Record(DecidedRequest request, CancellationToken cancellation)
    {
        while (true)
        {
            var (added, known) = await database.Write(
                statements => (
                    statements.Ask(
                        """
                        INSERT INTO latecomer.request (id, hash, expires_at, status, body, message, answered_at) VALUES ($1, $2, $3, $4, $5::bytea, $6::text, $7)
                        ON CONFLICT DO NOTHING RETURNING 1
                        """,
                        row => row.GetInt32(0), Columns(request)),
                    AskOutcome(statements, request.Id, request.Hash)),
                cancellation);
            if (added.Count == 1)
            {
                return new SubmitOutcome.Accepted();
            }

            // One that was forgotten meanwhile is new again.
            if (known is [var outcome])
            {
                return outcome;
            }
        }
    }

    /// <summary>The columns of a decided request: id, hash, expires_at, status, body, message, answered_at.</summary>
    public static object?[] Columns(DecidedRequest request) =>
    [
        request.Id.Value, request.Hash, request.ExpiresAt.UtcTicks, request.Reply.Status.ToString(), request.Reply.Body, Rows.Sayable(request.Reply.Message), request.At.UtcTicks,
    ];

    /// <summary>Asks what became of the request of that id; nothing if there is none.</summary>
    public static List<SubmitOutcome> AskOutcome(Statements statements, RequestId request, string hash) => statements.Ask(
        "SELECT status, body, message, hash FROM latecomer.request WHERE id = $1", row => Outcome(hash, row.GetString(3), Reply(row)), request.Value);

    public async ValueTask<SubmitOutcome?> Find(RequestId request, string hash, CancellationToken cancellation)
    {
        var statements = new Statements();
        var known = AskOutcome(statements, request, hash);
        await database.Read(statements, cancellation);
        return known is [var outcome] ? outcome : null;
    }

    public async ValueTask<StoredReply?> FindReply(RequestId request, CancellationToken cancellation) => await _replies.Call(request, cancellation);

    public async ValueTask<int> Expire(DateTimeOffset now, TimeSpan kept, int limit, CancellationToken cancellation)
    {
        var expired = await database.Write(
            statements => statements.Ask(
                """
                WITH gone AS (
                    DELETE FROM latecomer.request WHERE id = ANY (ARRAY (
                        SELECT id FROM latecomer.request
                        WHERE status IS NOT NULL AND expires_at < $1 AND (answered_at IS NULL OR answered_at < $2)
                        ORDER BY expires_at LIMIT $3 FOR UPDATE SKIP LOCKED)) RETURNING 1)
                SELECT count(*) FROM gone
                """,
                row => (int)row.GetInt64(0), now.UtcTicks, (now - kept).UtcTicks, limit),
            cancellation);
        return expired[0];
    }

    private static async Task<IReadOnlyList<SubmitOutcome>> Submit(PostgresDatabase database, IReadOnlyList<NewRequest> requests, CancellationToken cancellation)
    {
        var outcomes = new Dictionary<RequestId, SubmitOutcome>();
        List<NewRequest> left = [.. requests];
        while (left.Count > 0)
        {
            foreach (var id in await Insert(database, left, cancellation))
            {
                outcomes[RequestId.Parse(id)] = new SubmitOutcome.Accepted();
            }

            left.RemoveAll(r => outcomes.ContainsKey(r.Id));
            if (left.Count > 0)
            {
                await FindOutcomes(database, left, outcomes, cancellation);

                // One that was forgotten meanwhile is new again.
                left.RemoveAll(r => outcomes.ContainsKey(r.Id));
            }
        }

        return [.. requests.Select(r => outcomes[r.Id])];
    }

    private static async Task<List<string>> Insert(PostgresDatabase database, List<NewRequest> requests, CancellationToken cancellation) => await database.Write(
        statements => statements.Ask(
            Add, row => row.GetString(0), requests.Column(r => r.Id.Value), requests.Column(r => r.Hash), requests.Column(r => r.ExpiresAt.UtcTicks),
            requests.Column(r => r.Shard.Number), requests.Column(r => r.To.ToString()), requests.Column(r => r.Message.Type),
            requests.Column(r => r.Message.SchemaVersion), requests.Column(r => r.Message.Body), requests.Column(r => r.Cause)),
        cancellation);

    private static async Task FindOutcomes(
        PostgresDatabase database, List<NewRequest> requests, Dictionary<RequestId, SubmitOutcome> outcomes, CancellationToken cancellation)
    {
        var hashes = requests.ToDictionary(r => r.Id, r => r.Hash);
        var known = await database.Query(
            "SELECT status, body, message, id, hash FROM latecomer.request WHERE id = ANY ($1)",
            row => (Reply: Reply(row), Id: RequestId.Parse(row.GetString(3)), Hash: row.GetString(4)), [requests.Column(r => r.Id.Value)], cancellation);
        foreach (var (reply, id, hash) in known)
        {
            outcomes[id] = Outcome(hashes[id], hash, reply);
        }
    }

    private static async Task<IReadOnlyList<StoredReply?>> FindReplies(PostgresDatabase database, IReadOnlyList<RequestId> requests, CancellationToken cancellation)
    {
        var found = await database.Query(
            "SELECT status, body, message, id FROM latecomer.request WHERE id = ANY ($1) AND status IS NOT NULL",
            row => KeyValuePair.Create(row.GetString(3), Reply(row)), [requests.Select(r => r.Value).ToArray()], cancellation);
        var replies = found.ToDictionary();
        return [.. requests.Select(r => replies.GetValueOrDefault(r.Value))];
    }

    private static SubmitOutcome Outcome(string asked, string known, StoredReply? reply) =>
        known != asked ? new SubmitOutcome.Mismatch()
        : reply is null ? new SubmitOutcome.Pending()
        : new SubmitOutcome.Decided(reply);

    private static StoredReply? Reply(NpgsqlDataReader row) => row.TextOrNull(0) is { } status
        ? new StoredReply(Enum.Parse<ReplyStatus>(status), row.IsDBNull(1) ? null : row.Bytes(1), row.TextOrNull(2))
        : null;
}
