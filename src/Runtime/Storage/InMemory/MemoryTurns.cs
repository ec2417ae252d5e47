namespace Latecomer.Runtime;

/// <summary>Mail, timers and states in memory.</summary>
internal sealed class MemoryTurns(MemoryTables tables) : ITurnStore
{
    public ValueTask<ShardWork> ReadWork(ShardId shard, int perActor, int limit, CancellationToken cancellation)
    {
        lock (tables.Gate)
        {
            var now = tables.Now();
            var rows = tables.Shard(shard);
            var mail = FirstOfEach(rows.ReadableMail(), perActor).Take(limit).ToList();
            return ValueTask.FromResult(new ShardWork(now, mail, [.. rows.DueTimers(now).Take(limit)], rows.NewestMail) { Suspended = rows.Suspended.Keys.ToHashSet() });
        }
    }

    public ValueTask<ReadyShards> Ready(IReadOnlyCollection<ShardId> shards, CancellationToken cancellation)
    {
        lock (tables.Gate)
        {
            var now = tables.Now();
            DateTimeOffset? next = null;
            var ready = new List<ShardId>();
            foreach (var shard in shards)
            {
                if (tables.Find(shard) is not { } rows)
                {
                    continue;
                }

                if (rows.ReadableMail().Any() || rows.DueTimers(now).Any())
                {
                    ready.Add(shard);
                }

                next = rows.NextTimer(now) is { } due && (next is null || due < next) ? due : next;
            }

            return ValueTask.FromResult(new ReadyShards(now, ready, next));
        }
    }

    public ValueTask<int> Waiting(int atMost, CancellationToken cancellation)
    {
        lock (tables.Gate)
        {
            return ValueTask.FromResult(Math.Min(tables.Mail, atMost));
        }
    }

    public ValueTask<IReadOnlyList<StateImage>> LoadStates(ShardId shard, IReadOnlyCollection<ActorId> actors, CancellationToken cancellation)
    {
        lock (tables.Gate)
        {
            var states = tables.Shard(shard).States;
            return ValueTask.FromResult<IReadOnlyList<StateImage>>([.. actors.Where(states.ContainsKey).Select(a => states[a])]);
        }
    }

    public ValueTask<bool> CountAttempts(Lease lease, IReadOnlyCollection<long> mail, IReadOnlyCollection<TimerKey> timers, CancellationToken cancellation)
    {
        lock (tables.Gate)
        {
            if (!tables.IsHeld(lease))
            {
                return ValueTask.FromResult(false);
            }

            var rows = tables.Shard(lease.Shard);
            foreach (var id in mail)
            {
                rows.CountAttempt(id);
            }

            foreach (var timer in timers)
            {
                rows.CountAttempt(timer);
            }

            return ValueTask.FromResult(true);
        }
    }

    public ValueTask<CommitOutcome> Commit(TurnBatch batch, CancellationToken cancellation)
    {
        lock (tables.Gate)
        {
            return ValueTask.FromResult(new MemoryCommit(tables, batch).Run());
        }
    }

    private static IEnumerable<Mail> FirstOfEach(IEnumerable<Mail> mail, int perActor)
    {
        var counts = new Dictionary<ActorId, int>();
        foreach (var message in mail)
        {
            var count = counts.GetValueOrDefault(message.To);
            if (count < perActor)
            {
                counts[message.To] = count + 1;
                yield return message;
            }
        }
    }
}
