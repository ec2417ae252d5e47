namespace Latecomer.Runtime;

/// <summary>Finds what no hint told: mail whose hint was lost, timers that became due. One cheap question for all shards of the node, soon after
/// something happened, ever more rarely when nothing does.</summary>
internal sealed class MailPoll(NodeServices services, OwnedShards owned, ShardScheduler scheduler)
{
    /// <summary>A question that took some time is not asked again before so many times that: where much is to be done, it is dear, and hints come.</summary>
    private const int RestPerQuestion = 10;

    private const double JitterFrom = 0.75;
    private const double JitterWidth = 0.5;

    private readonly AsyncSignal _look = new();
    private readonly Lock _lock = new();
    private DateTimeOffset _nextTimer = DateTimeOffset.MaxValue;

    /// <summary>Looks now.</summary>
    public void Look() => _look.Set();

    /// <summary>Looks not later than at <paramref name="due"/>.</summary>
    public void NotLaterThan(DateTimeOffset due)
    {
        lock (_lock)
        {
            if (due >= _nextTimer)
            {
                return;
            }

            _nextTimer = due;
        }

        _look.Set();
    }

    public async Task Run(CancellationToken cancellation)
    {
        // Seeded by the node, so that nodes do not poll in step and a run can be repeated.
        var jitter = new Random((int)StableHash.Of(services.Self.Incarnation.ToString()));
        var pause = services.Settings.PollMin;
        while (true)
        {
            var wait = services.Settings.PollMax;
            try
            {
                var asked = services.Time.GetTimestamp();
                var ready = await services.Store.Turns.Ready(owned.Shards, cancellation);
                foreach (var shard in ready.Shards)
                {
                    scheduler.Ask(shard);
                }

                var rest = services.Time.GetElapsedTime(asked) * RestPerQuestion;
                var next = pause * (JitterFrom + (JitterWidth * jitter.NextDouble()));
                wait = Until(ready, next > rest ? next : rest < services.Settings.PollMax ? rest : services.Settings.PollMax);
                pause = ready.Shards.Count > 0 ? services.Settings.PollMin : TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, services.Settings.PollMax.Ticks));
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                services.Observer.Fault(services.Self, "looking for mail", fault);
            }

            if (await _look.Wait(wait, services.Time, cancellation))
            {
                pause = services.Settings.PollMin;
            }
        }
    }

    private TimeSpan Until(ReadyShards ready, TimeSpan pause)
    {
        lock (_lock)
        {
            _nextTimer = ready.NextTimer ?? DateTimeOffset.MaxValue;
            return _nextTimer - ready.Now < pause ? _nextTimer - ready.Now : pause;
        }
    }
}
