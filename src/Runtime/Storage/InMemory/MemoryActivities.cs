namespace Latecomer.Runtime;

/// <summary>The activity table in memory.</summary>
internal sealed class MemoryActivities(MemoryTables tables) : IActivityStore
{
    public ValueTask<IReadOnlyList<ActivityAssignment>> Claim(
        IReadOnlyCollection<ShardId> shards, Incarnation worker, IReadOnlyCollection<ActivityKey> running, int limit, CancellationToken cancellation)
    {
        lock (tables.Gate)
        {
            if (tables.Activities.Count == 0 || !tables.IsLive(worker))
            {
                return ValueTask.FromResult<IReadOnlyList<ActivityAssignment>>([]);
            }

            var wanted = shards as IReadOnlySet<ShardId> ?? shards.ToHashSet();
            var claimed = tables.Activities.Values
                .Where(a => a.Worker == worker
                    ? !running.Contains(a.Key)
                    : wanted.Contains(a.Shard) && (a.Worker is not { } other || !tables.IsLive(other)))
                .OrderBy(a => a.Order).Take(limit).ToList();
            foreach (var activity in claimed)
            {
                activity.Worker = worker;
                activity.Attempt++;
            }

            return ValueTask.FromResult<IReadOnlyList<ActivityAssignment>>([.. claimed.Select(Assignment)]);
        }
    }

    public ValueTask<IReadOnlyList<ActivityKey>> CancelRequested(Incarnation worker, CancellationToken cancellation)
    {
        lock (tables.Gate)
        {
            return ValueTask.FromResult<IReadOnlyList<ActivityKey>>(
                [.. tables.Activities.Values.Where(a => a.CancelRequested && a.Worker == worker).OrderBy(a => a.Order).Select(a => a.Key)]);
        }
    }

    public ValueTask<bool> Complete(ActivityAssignment assignment, Incarnation worker, SerializedMessage ended, CancellationToken cancellation)
    {
        lock (tables.Gate)
        {
            if (!tables.Activities.TryGetValue(assignment.Key, out var activity)
                || activity.Attempt != assignment.Attempt || activity.Worker != worker || !tables.IsLive(worker))
            {
                return ValueTask.FromResult(false);
            }

            tables.Activities.Remove(assignment.Key);
            tables.Deliver(activity.Shard, activity.Key.Actor, from: null, ended, activity.Cause);
            return ValueTask.FromResult(true);
        }
    }

    public ValueTask<IReadOnlyList<ActivityStatus>> List(CancellationToken cancellation)
    {
        lock (tables.Gate)
        {
            return ValueTask.FromResult<IReadOnlyList<ActivityStatus>>(
                [.. tables.Activities.Values.OrderBy(a => a.Order)
                    .Select(a => new ActivityStatus(a.Key, a.Shard, a.Kind, a.Attempt, a.Worker, a.CancelRequested))]);
        }
    }

    private static ActivityAssignment Assignment(ActivityRow row) =>
        new(row.Key, row.Shard, row.Kind, row.Input, row.Attempt, row.CancelRequested);
}
