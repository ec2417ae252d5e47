namespace Latecomer.Tests.Simulation;

/// <summary>The nodes, and what can happen to them.</summary>
internal sealed class SimulatedCluster(ClusterParts parts)
{
    public IReadOnlyList<SimulatedNode> Nodes { get; } = [new("a"), new("b"), new("c")];

    public IEnumerable<Life> Lives => Nodes.Select(n => n.Life).OfType<Life>();

    public int Crashes { get; private set; }

    public void Start(SimulatedNode node)
    {
        node.Life = new Life(node, parts);
        node.Life.Join();
    }

    /// <summary>Ends the process at once, wherever it is.</summary>
    public void Crash(Life life)
    {
        life.Gate.Kill();
        Bury();
    }

    /// <summary>Puts away what has crashed or ended by itself; the node may start again.</summary>
    public void Bury()
    {
        foreach (var node in Nodes)
        {
            if (node.Life is { Gate.Dead: true } dead)
            {
                dead.Dispose();
                parts.Parked.RemoveAll(p => p.Gate == dead.Gate);
                parts.Moments.Crash(node, m => m.IsWork && parts.Random.Half(), () => TimeSpan.FromSeconds(parts.Random.Below(60)));
                node.Pause(false);
                node.Life = null;
                Crashes++;
            }
            else if (node.Life is { Over: true })
            {
                node.Life = null;
            }
        }
    }

    /// <summary>Lets time pass in which every node that can renews, as they do while nothing else happens.</summary>
    public void WaitCalmly(DateTimeOffset until, FakeTime time)
    {
        while (time.GetUtcNow() < until)
        {
            var step = until - time.GetUtcNow();
            time.Advance(step < SimulatedTime.Heartbeat ? step : SimulatedTime.Heartbeat);
            foreach (var life in Lives.Where(l => l.CanRun && l.CanRenew).ToList())
            {
                life.Renew();
                parts.Context.Drain();
            }
        }
    }
}

/// <summary>The clock of everything: it moves when the scheduler says so.</summary>
internal sealed class FakeTime(DateTimeOffset now) : TimeProvider
{
    private DateTimeOffset _now = now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _now.Ticks;

    public void Advance(TimeSpan by) => _now += by;
}
