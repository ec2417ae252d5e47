using Latecomer.Runtime;

namespace Latecomer.Tests.Simulation;

/// <summary>One incarnation of a node: the engine's own parts, with a step for each thing that the loops of a real node do.</summary>
internal sealed partial class Life : IDisposable
{
    private readonly ClusterParts _parts;
    private readonly List<ShardId> _asked = [];
    private readonly HashSet<ShardId> _running = [];
    private readonly IDisposable _subscription;
    private readonly IDisposable _service;
    private bool _renewing;
    private bool _allocating;
    private bool _looking;
    private bool _polling;

    public Life(SimulatedNode node, ClusterParts parts)
    {
        Node = node;
        _parts = parts;
        Gate = new CallGate(node.Name, parts.Random, parts.Faults, parts.Parked, parts.Trace) { Paused = node.Paused, Reorders = !parts.Server.IsThere };
        Services = new NodeServices(
            new NodeRegistration(new Incarnation(parts.Random.NewGuid()), node.Name, "", "simulated"),
            parts.Open(Gate), parts.Catalog, parts.Hints, parts.Time, parts.Observer, Settings(parts));
        Membership = new Membership(Services);
        Owned = new OwnedShards(Services);
        Allocation = new Allocation(Services, Owned);
        Housekeeping = new Housekeeping(Services, Owned);
        Pump = new ActivityPump(Services, SimulatedActivities.Of(this, parts));
        Owned.Offered = Ask;
        _subscription = parts.Hints.Subscribe(Hear);
        _service = parts.Intake.Serve(Owned);
    }

    public SimulatedNode Node { get; }

    public string Name => Node.Name;

    public CallGate Gate { get; }

    public NodeServices Services { get; }

    public Membership Membership { get; }

    public OwnedShards Owned { get; }

    public Allocation Allocation { get; }

    public ActivityPump Pump { get; }

    public Housekeeping Housekeeping { get; }

    public bool Joined { get; private set; }

    /// <summary>Ended by itself, or left.</summary>
    public bool Over { get; private set; }

    public bool Leaving { get; private set; }

    /// <summary>Ends of activities that the store does not know yet.</summary>
    public List<(RunningActivity Activity, ActivityEnded Ended)> Ends { get; } = [];

    public bool LooksAtActivities { get; private set; } = true;

    public bool LooksAtPlacement { get; private set; } = true;

    public bool LooksForMail { get; private set; }

    public DateTimeOffset RenewedAt { get; private set; }

    public bool CanRun => Joined && !Over && !Gate.Dead && !Node.Paused;


    public bool CanRenew => !_renewing;

    /// <summary>A former life of the node may have to expire first.</summary>
    public bool CanJoin => !Joined && !_renewing && !Node.Paused && _parts.Time.GetUtcNow() - RenewedAt >= SimulatedTime.Retry;

    public bool CanAllocate => !_allocating && !Leaving;

    public bool CanLook => !_looking && !Leaving;

    public bool CanPoll => !_polling;

    public bool IsBusy => _running.Count > 0 || _renewing || _allocating || _looking || _polling;

    public void Dispose()
    {
        _subscription.Dispose();
        _service.Dispose();
    }

    /// <summary>How many shards wait for a batch: those that may go on at once, and those that lag behind just now.</summary>
    public (int Now, int Slow) Asked()
    {
        var (now, slow) = (0, 0);
        foreach (var shard in _asked)
        {
            if (!_running.Contains(shard))
            {
                (now, slow) = _parts.Slow.Contains(shard) ? (now, slow + 1) : (now + 1, slow);
            }
        }

        return (now, slow);
    }

    private static RuntimeSettings Settings(ClusterParts parts) => parts.Kept with
    {
        Heartbeat = SimulatedTime.Heartbeat,
        Lifetime = SimulatedTime.Lifetime,
        WatchdogMargin = SimulatedTime.Margin,
        BatchTurns = parts.Random.Pick([1, 2, 5, 128]),
        BatchTurnsPerActor = parts.Random.Pick([1, 3, 32]),
        ActivitiesAtOnce = parts.Random.Pick([1, 2, 16]),
        PassivateAfter = parts.Random.Half() ? TimeSpan.Zero : TimeSpan.FromMinutes(5),
        ActiveActorsPerShard = parts.Random.Pick([1, 1024]),
        MailboxOnlyAfterDeath = parts.Random.Pick([TimeSpan.Zero, TimeSpan.FromMinutes(1)]),
    };

    private void Hear(Hint hint)
    {
        switch (hint)
        {
            case Hint.MailArrived mail:
                Ask(mail.Shard);
                break;
            case Hint.ActivityStarted or Hint.CancelRequested:
                LooksAtActivities = true;
                break;
            case Hint.PlacementChanged:
                LooksAtPlacement = true;
                break;
        }
    }

    private void Ask(ShardId shard)
    {
        if (Owned.Find(shard) is not null && !_asked.Contains(shard))
        {
            _asked.Add(shard);
        }
    }

    private void Track(string? what, Func<Task> step)
    {
        if (what is not null)
        {
            _parts.Trace.Add($"{Name} {what}");
        }

        _ = Watch(what, step);
    }

    private async Task Watch(string? what, Func<Task> step)
    {
        try
        {
            await step();
        }
        catch (CrashedException)
        {
            // The scheduler buries it.
        }
        catch (StoreFaultException)
        {
            // The loop of a real node goes on with its next round.
        }
        catch (Exception fault)
        {
            _parts.Broken($"runtime: '{Name} {what}' threw {fault}");
        }
    }
}
