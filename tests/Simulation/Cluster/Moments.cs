namespace Latecomer.Tests.Simulation;

/// <summary>Points within activities at which the scheduler lets others go first. An activity that is at one goes on when it is picked.</summary>
internal sealed class Moments(TimeProvider time, Trace trace)
{
    private readonly List<Moment> _waiting = [];

    /// <summary>Those that may go on now.</summary>
    public List<Moment> Enabled() => _waiting.FindAll(m => m.IsEnabled);

    /// <summary>When the next of those goes on that wait for a time; null if none does.</summary>
    public DateTimeOffset? NextTime => _waiting.Where(m => !m.IsEnabled).Min(m => m.At);

    public bool IsWorking(Life life) => _waiting.Exists(m => m.Life == life && m.IsWork);

    public bool AnyEnabled => _waiting.Exists(m => m.IsEnabled);

    /// <summary>Waits to be picked, at the earliest when <paramref name="until"/> is true and <paramref name="at"/> has come, or the activity is to stop.</summary>
    public Task Pass(Life life, string what, Func<bool>? until, DateTimeOffset? at, CancellationToken stop)
    {
        var moment = new Moment(life, what, until, time, stop) { At = at };
        _waiting.Add(moment);
        return moment.Resumed.Task;
    }

    public void Resume(Moment moment)
    {
        _waiting.Remove(moment);
        trace.Add($"{moment.Life.Name}{(moment.Orphaned ? " (gone)" : "")}: {moment.What}");
        moment.Resumed.SetResult();
    }

    /// <summary>The process is gone. Work outside of it may go on without it.</summary>
    public void Crash(SimulatedNode node, Func<Moment, bool> goesOn, Func<TimeSpan> later)
    {
        foreach (var moment in _waiting.Where(m => m.Life.Node == node && !m.Orphaned).ToList())
        {
            moment.Orphaned = goesOn(moment);
            if (moment.Orphaned)
            {
                moment.At = time.GetUtcNow() + later();
                trace.Count("works that outlived their process");
            }
            else
            {
                _waiting.Remove(moment);
            }
        }
    }
}

/// <summary>One activity at one point.</summary>
internal sealed class Moment(Life life, string what, Func<bool>? until, TimeProvider time, CancellationToken stop)
{
    public Life Life => life;

    public string What => what;

    public bool IsWork => what.Contains("#work/", StringComparison.Ordinal);

    /// <summary>Not before then.</summary>
    public DateTimeOffset? At { get; set; }

    /// <summary>Its process is gone, but what it started goes on.</summary>
    public bool Orphaned { get; set; }

    public TaskCompletionSource Resumed { get; } = new();

    public bool IsEnabled => (Orphaned || !life.Node.Paused) && (stop.IsCancellationRequested || ((until is null || until()) && !(At > time.GetUtcNow())));
}
