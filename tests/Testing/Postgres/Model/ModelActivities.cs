using Latecomer.Runtime;

namespace Latecomer.Tests.Testing.Postgres.Model;

/// <summary>The transactions of <c>PostgresActivities</c>.</summary>
internal sealed class ModelActivities(ModelConnection connection, IModelWatch watch) : IActivityStore
{
    private ModelDatabase Database => connection.Database;

    public async ValueTask<IReadOnlyList<ActivityAssignment>> Claim(
        IReadOnlyCollection<ShardId> shards, Incarnation worker, IReadOnlyCollection<ActivityKey> running, int limit, CancellationToken cancellation)
    {
        var wanted = shards as IReadOnlySet<ShardId> ?? shards.ToHashSet();
        bool NobodyRuns(ModelTransaction t, ModelActivity a) => ModelMembership.IsLive(t, worker)
            && (a.Worker == worker ? !running.Contains(a.Key) : wanted.Contains(a.Shard) && (a.Worker is not { } other || !ModelMembership.IsLive(t, other)));

        if (!await connection.Ask("question for activities", t => Seen(t).Any(a => NobodyRuns(t, a))))
        {
            return [];
        }

        return await connection.Run<IReadOnlyList<ActivityAssignment>>("claim", async t =>
        {
            await t.Next("claiming");
            var claimed = new List<ActivityAssignment>();
            foreach (var row in Database.Activities.Rows.Where(r => t.Visible(r) is not null).OrderBy(r => t.Visible(r)!.Started).ToList())
            {
                if (claimed.Count < limit && await t.Select(row, a => NobodyRuns(t, a), LockMode.NoKeyUpdate, skipLocked: true) is { } free)
                {
                    row.Write(t, free with { Worker = worker, Attempt = free.Attempt + 1 });
                    claimed.Add(new ActivityAssignment(free.Key, free.Shard, free.Kind, free.Input, free.Attempt + 1, free.CancelRequested));
                }
            }

            return claimed;
        });
    }

    public ValueTask<IReadOnlyList<ActivityKey>> CancelRequested(Incarnation worker, CancellationToken cancellation) => connection.Ask<IReadOnlyList<ActivityKey>>(
        "question for cancels", t => [.. Seen(t).Where(a => a.CancelRequested && a.Worker == worker).OrderBy(a => a.Started).Select(a => a.Key)]);

    public ValueTask<bool> Complete(ActivityAssignment assignment, Incarnation worker, SerializedMessage ended, CancellationToken cancellation) =>
        connection.Run("end of an activity", async t =>
        {
            await t.Next("begin");
            await t.Next("ending");
            var gone = await t.Delete(
                Database.Activities.Find(assignment.Key), a => a.Attempt == assignment.Attempt && a.Worker == worker && ModelMembership.IsLive(t, worker));
            if (gone is null)
            {
                return false;
            }

            await ModelTurns.Deliver(t, gone.Shard, id => new Mail(id, gone.Key.Actor, From: null, ended, gone.Cause, Attempts: 0, Request: null));
            t.AfterCommit(() => watch.Completed(assignment, ActivityEndedFormat.Read(ended)));
            return true;
        });

    public ValueTask<IReadOnlyList<ActivityStatus>> List(CancellationToken cancellation) => connection.Ask<IReadOnlyList<ActivityStatus>>(
        "list of activities", t => [.. Seen(t).OrderBy(a => a.Started).Select(a => new ActivityStatus(a.Key, a.Shard, a.Kind, a.Attempt, a.Worker, a.CancelRequested))]);

    private IEnumerable<ModelActivity> Seen(ModelTransaction t) => Database.Activities.Rows.Select(t.Visible).OfType<ModelActivity>();
}
