using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Latecomer.Runtime.Sqlite;

/// <summary>The activity table.</summary>
internal sealed class SqliteActivities(SqliteWriter writer, SqliteReaders readers, StoreClock clock) : IActivityStore
{
    private const string NobodyRuns = """
        SELECT started, shard, actor, id, kind, input, attempt + 1, cancel_requested FROM activity
        WHERE (shard IN (SELECT value FROM json_each($1))
            AND (worker IS NULL OR NOT EXISTS (SELECT 1 FROM node WHERE incarnation = worker AND expires_at > $2)))
        OR (worker = $4 AND actor || char(10) || id NOT IN (SELECT value FROM json_each($5)))
        ORDER BY started LIMIT $3
        """;

    public async ValueTask<IReadOnlyList<ActivityAssignment>> Claim(
        IReadOnlyCollection<ShardId> shards, Incarnation worker, IReadOnlyCollection<ActivityKey> running, int limit, CancellationToken cancellation)
    {
        var claim = new ClaimOf(Rows.Set(shards), worker, JsonSerializer.Serialize(running.Select(key => $"{key.Actor}\n{key.Id}")), limit);
        return Unclaimed(readers.Read, claim).Count == 0
            ? []
            : await writer.Write(session => Claim(session, claim));
    }

    public ValueTask<IReadOnlyList<ActivityKey>> CancelRequested(Incarnation worker, CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyList<ActivityKey>>(readers.Read(session => session.Query(
            "SELECT actor, id FROM activity WHERE cancel_requested = 1 AND worker = $1 ORDER BY started",
            row => new ActivityKey(row.Actor(0), row.GetString(1)),
            worker.ToString())));

    public ValueTask<bool> Complete(ActivityAssignment assignment, Incarnation worker, SerializedMessage ended, CancellationToken cancellation) =>
        writer.Write(session =>
        {
            var actor = assignment.Key.Actor;
            var causes = session.Query(
                "DELETE FROM activity WHERE actor = $1 AND id = $2 AND attempt = $3 AND worker = $4 RETURNING cause",
                row => row.GetString(0), actor.ToString(), assignment.Key.Id, assignment.Attempt, worker.ToString());
            if (causes is not [var cause] || !Rows.IsLive(session, worker, clock.Now()))
            {
                return Written.Nothing(false);
            }

            Rows.Deliver(session, writer.NextId(), assignment.Shard, actor, from: null, ended, cause);
            return Written.Kept(true);
        });

    public ValueTask<IReadOnlyList<ActivityStatus>> List(CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyList<ActivityStatus>>(readers.Read(session => session.Query(
            "SELECT actor, id, shard, kind, attempt, worker, cancel_requested FROM activity ORDER BY started",
            row => new ActivityStatus(
                new ActivityKey(row.Actor(0), row.GetString(1)), new ShardId(row.GetInt32(2)), row.GetString(3), row.GetInt32(4),
                row.IncarnationOrNull(5), row.GetBoolean(6)))));

    private Written<IReadOnlyList<ActivityAssignment>> Claim(SqliteSession session, ClaimOf claim)
    {
        if (!Rows.IsLive(session, claim.Worker, clock.Now()))
        {
            return Written.Nothing<IReadOnlyList<ActivityAssignment>>([]);
        }

        var claimed = Unclaimed(read => read(session), claim);
        foreach (var (started, _) in claimed)
        {
            session.Execute("UPDATE activity SET worker = $1, attempt = attempt + 1 WHERE started = $2", claim.Worker.ToString(), started);
        }

        return new Written<IReadOnlyList<ActivityAssignment>>([.. claimed.Select(c => c.Assignment)], Keep: claimed.Count > 0);
    }

    private List<(long Started, ActivityAssignment Assignment)> Unclaimed(
        Func<Func<SqliteSession, List<(long, ActivityAssignment)>>, List<(long, ActivityAssignment)>> run, ClaimOf claim) =>
        run(session => session.Query(NobodyRuns, Assignment, claim.Shards, clock.Now().UtcTicks, claim.Limit, claim.Worker.ToString(), claim.Running));

    private static (long Started, ActivityAssignment Assignment) Assignment(SqliteDataReader row) => (row.GetInt64(0), new ActivityAssignment(
        new ActivityKey(row.Actor(2), row.GetString(3)), new ShardId(row.GetInt32(1)), row.GetString(4), row.Bytes(5), row.GetInt32(6), row.GetBoolean(7)));

    /// <summary>What is asked for; sets are JSON lists.</summary>
    private sealed record ClaimOf(string Shards, Incarnation Worker, string Running, int Limit);
}
