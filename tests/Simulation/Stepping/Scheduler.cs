namespace Latecomer.Tests.Simulation;

/// <summary>Picks the next step among all that are possible now, by chance and weight.</summary>
internal sealed class Scheduler(SimulatedCluster cluster, ClusterParts parts, FakeTime time)
{
    private readonly List<Choice> _choices = [];
    private int _total;

    /// <summary>Takes one step. False if nothing is to be done but wait for time to pass.</summary>
    public bool Step()
    {
        cluster.Bury();
        _choices.Clear();
        _total = 0;
        var busy = AddProductive();
        if (parts.Faults.Active)
        {
            AddDisturbing();
        }
        else
        {
            AddPolls();
        }

        if (!busy && (cluster.Lives.Any(l => l.CanRun) || _total == 0))
        {
            return false;
        }

        var at = parts.Random.Below(_total);
        foreach (var choice in _choices)
        {
            at -= choice.Weight;
            if (at < 0)
            {
                parts.Trace.BeginStep();
                SlowOthersDown();
                Take(choice);
                parts.Context.Drain();
                return true;
            }
        }

        throw new InvalidOperationException("The weights do not add up.");
    }

    /// <summary>Looks at everything once that a lost hint may have hidden. True if there is something to do.</summary>
    public bool Sweep()
    {
        var hidden = parts.Store.Turns.Ready([.. parts.Catalog.Shards], default).AsTask().GetAwaiter().GetResult().Shards.Count > 0;
        foreach (var life in cluster.Lives.Where(l => l.CanRun).ToList())
        {
            parts.Trace.BeginStep();
            if (hidden)
            {
                Take(new Choice(1, StepKind.Poll, life));
                Take(new Choice(1, StepKind.Allocate, life));
            }

            Take(new Choice(1, StepKind.LookAtActivities, life));
            parts.Context.Drain();
        }

        cluster.Bury();
        _choices.Clear();
        _total = 0;
        return AddProductive();
    }

    /// <summary>Now and then other shards are the ones that lag behind, so that messages overtake each other by much.</summary>
    private void SlowOthersDown()
    {
        if (parts.Faults.Active && parts.Random.PerMille(5))
        {
            parts.Slow.Clear();
            parts.Slow.UnionWith(parts.Catalog.Shards.Where(_ => parts.Random.PerMille(300)));
        }
        else if (!parts.Faults.Active)
        {
            parts.Slow.Clear();
        }
    }

    private bool AddProductive()
    {
        var before = _choices.Count;
        foreach (var node in cluster.Nodes)
        {
            if (node.Life is not { } life)
            {
                Add(30, StepKind.Start, node);
            }
            else if (life.CanJoin)
            {
                Add(30, StepKind.Join, node);
            }
            else if (life.CanRun)
            {
                AddProductive(life);
            }
        }

        AddIf(parts.Parked.Exists(p => !p.Gate.Paused), 120, StepKind.Resume, null);
        AddIf(parts.Server.HasWork, 120, StepKind.Serve, null);
        AddIf(parts.Moments.AnyEnabled, 120, StepKind.GoOn, null);
        return _choices.Count > before;
    }

    private void AddProductive(Life life)
    {
        var (asked, slow) = life.Asked();
        if (asked + slow > 0)
        {
            Add(Math.Min(400, (80 * asked) + (4 * slow)), StepKind.Batch, life);
        }

        AddIf(life.LooksAtActivities && life.CanLook, 80, StepKind.LookAtActivities, life);
        AddIf(life.LooksForMail && life.CanPoll, 80, StepKind.Poll, life);
        AddIf(life.Ends.Count > 0, 80, StepKind.Report, life);
        AddIf(life.LooksAtPlacement && life.CanAllocate, 30, StepKind.Allocate, life);
        AddIf(life.Membership.Remaining <= TimeSpan.Zero, 10, StepKind.Bark, life);
    }

    /// <summary>However busy a node is, it polls.</summary>
    private void AddPolls()
    {
        foreach (var life in cluster.Lives.Where(l => l.CanRun && l.CanPoll))
        {
            Add(2, StepKind.Poll, life);
        }
    }

    private void AddDisturbing()
    {
        foreach (var life in cluster.Lives)
        {
            if (life.CanRun)
            {
                AddDisturbing(life);
            }
            else if (life.Node.Paused)
            {
                Add(4, StepKind.Unpause, life);
            }
        }

        Add(25, StepKind.Advance, null);
    }

    private void AddDisturbing(Life life)
    {
        if (life.CanRenew && time.GetUtcNow() - life.RenewedAt >= SimulatedTime.Heartbeat)
        {
            Add(60, StepKind.Renew, life);
        }

        if (life.CanPoll)
        {
            Add(10, StepKind.Poll, life);
        }

        if (life.CanLook)
        {
            Add(5, StepKind.LookAtActivities, life);
        }

        if (life.CanAllocate)
        {
            Add(2, StepKind.Allocate, life);
            if (cluster.Lives.Count(l => l.CanRun) > 1)
            {
                Add(1, StepKind.Leave, life);
                Add(parts.Moments.IsWorking(life) || parts.Server.Keeps(life.Gate) ? 6 : 1, StepKind.Pause, life);
            }
        }

        Add(2, StepKind.Passivate, life);
    }

    private void AddIf(bool possible, int weight, StepKind kind, object? target)
    {
        if (possible)
        {
            Add(weight, kind, target);
        }
    }

    private void Add(int weight, StepKind kind, object? target)
    {
        _choices.Add(new Choice(weight, kind, target));
        _total += weight;
    }

    private void Take(Choice choice)
    {
        switch (choice)
        {
            case { Target: SimulatedNode node, Kind: StepKind.Start }:
                parts.Trace.Add($"{node.Name} starts");
                cluster.Start(node);
                break;
            case { Target: SimulatedNode { Life: { } life }, Kind: StepKind.Join }:
                life.Join();
                break;
            case { Target: Life life }:
                Take(choice.Kind, life);
                break;
            case { Kind: StepKind.Resume }:
                Resume();
                break;
            case { Kind: StepKind.Serve }:
                parts.Server.Serve();
                break;
            case { Kind: StepKind.GoOn }:
                parts.Moments.Resume(parts.Random.Pick(parts.Moments.Enabled()));
                break;
            case { Kind: StepKind.Advance }:
                Advance();
                break;
        }
    }

    private void Take(StepKind kind, Life life)
    {
        switch (kind)
        {
            case StepKind.Batch:
                life.RunBatch();
                break;
            case StepKind.Poll when life.CanPoll:
                life.Poll();
                break;
            case StepKind.Renew:
                life.Renew();
                break;
            case StepKind.Bark:
                life.Bark();
                break;
            case StepKind.Allocate when life.CanAllocate:
                life.Allocate();
                break;
            case StepKind.LookAtActivities when life.CanLook:
                life.LookAtActivities();
                break;
            case StepKind.Report:
                life.Report();
                break;
            case StepKind.Passivate:
                life.Passivate();
                break;
            case StepKind.Leave:
                life.Leave();
                break;
            case StepKind.Pause or StepKind.Unpause:
                parts.Trace.Add($"{life.Name} {(kind == StepKind.Pause ? "stands still" : "goes on")}");
                life.Node.Pause(kind == StepKind.Pause);
                break;
        }
    }

    private void Resume()
    {
        var call = parts.Random.Pick(parts.Parked.FindAll(p => !p.Gate.Paused));
        parts.Parked.Remove(call);
        parts.Trace.Add($"{call.Gate.Name} goes on {call.Call}");
        call.Resume.SetResult();
    }

    private void Advance()
    {
        var by = TimeSpan.FromMilliseconds(parts.Random.Below(20) switch
        {
            < 15 => parts.Random.Below(200),
            < 19 => parts.Random.Below(2000),
            _ => parts.Random.Below(12_000),
        });
        time.Advance(by);
        parts.Trace.Add($"{by.TotalMilliseconds} ms pass");
    }
}
