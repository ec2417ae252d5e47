namespace Latecomer.Runtime;

/// <summary>A shard's rows in the in-memory store.</summary>
internal sealed class MemoryShard
{
    private static readonly IComparer<DueTimer> SoonestFirst = Comparer<DueTimer>.Create(
        (a, b) => a.Due != b.Due ? a.Due.CompareTo(b.Due) : a.Key.Generation.CompareTo(b.Key.Generation));

    private readonly Dictionary<(ActorId Actor, string Name), DueTimer> _timers = [];
    private readonly SortedSet<DueTimer> _timersByDue = new(SoonestFirst);

    public SortedDictionary<long, Mail> Mail { get; } = [];

    public Dictionary<ActorId, StateImage> States { get; } = [];

    public List<JournalEntry> Journal { get; } = [];

    /// <summary>How many dead letters hold an actor back.</summary>
    public Dictionary<ActorId, int> Suspended { get; } = [];

    public long NewestMail { get; set; }

    public bool Has(TimerKey key) =>
        _timers.TryGetValue((key.Actor, key.Name), out var timer) && timer.Key.Generation == key.Generation;

    public void SetTimer(DueTimer timer)
    {
        RemoveTimer(timer.Key.Actor, timer.Key.Name);
        _timers.Add((timer.Key.Actor, timer.Key.Name), timer);
        _timersByDue.Add(timer);
    }

    public void RemoveTimer(ActorId actor, string name)
    {
        if (_timers.Remove((actor, name), out var timer))
        {
            _timersByDue.Remove(timer);
        }
    }

    public void CountAttempt(TimerKey key)
    {
        if (Has(key))
        {
            var timer = _timers[(key.Actor, key.Name)];
            SetTimer(timer with { Attempts = timer.Attempts + 1 });
        }
    }

    public void CountAttempt(long mail)
    {
        if (Mail.TryGetValue(mail, out var row))
        {
            Mail[mail] = row with { Attempts = row.Attempts + 1 };
        }
    }

    public IEnumerable<Mail> ReadableMail() =>
        Suspended.Count == 0 ? Mail.Values : Mail.Values.Where(m => !Suspended.ContainsKey(m.To));

    public IEnumerable<DueTimer> DueTimers(DateTimeOffset now) =>
        _timersByDue.TakeWhile(t => t.Due <= now).Where(t => !Suspended.ContainsKey(t.Key.Actor));

    public DateTimeOffset? NextTimer(DateTimeOffset now)
    {
        foreach (var timer in _timersByDue)
        {
            if (timer.Due > now)
            {
                return timer.Due;
            }
        }

        return null;
    }

    public void Suspend(ActorId actor) => Suspended[actor] = Suspended.GetValueOrDefault(actor) + 1;

    public void Resume(ActorId actor)
    {
        if (Suspended[actor] == 1)
        {
            Suspended.Remove(actor);
        }
        else
        {
            Suspended[actor]--;
        }
    }
}
