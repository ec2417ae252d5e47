namespace Latecomer.Runtime;

/// <summary>The part of a shard's work that is run turn by turn, each counted before it is tried, because a turn in it may take the
/// process with it or spoil a batch: what was there when its last owner died, or when a batch was refused.</summary>
internal sealed class CarefulStretch(bool inherited)
{
    private bool _unbounded = inherited;
    private long _lastMail;
    private DateTimeOffset _lastDue = DateTimeOffset.MinValue;

    /// <summary>Makes a stretch of the items.</summary>
    public void Extend(IReadOnlyCollection<WorkItem> items)
    {
        foreach (var item in items)
        {
            switch (item)
            {
                case WorkItem.Letter { Mail.Id: var id }:
                    _lastMail = Math.Max(_lastMail, id);
                    break;
                case WorkItem.Alarm { Timer.Due: var due }:
                    _lastDue = due > _lastDue ? due : _lastDue;
                    break;
            }
        }
    }

    /// <summary>The next item to be careful with; null when that is over.</summary>
    public WorkItem? Next(ShardWork work)
    {
        if (_unbounded)
        {
            _unbounded = false;
            _lastMail = work.NewestMail;
            _lastDue = work.Now;
        }

        if (work.Timers.Count > 0 && work.Timers[0].Due <= _lastDue)
        {
            return new WorkItem.Alarm(work.Timers[0]);
        }

        return work.Mail.Count > 0 && work.Mail[0].Id <= _lastMail ? new WorkItem.Letter(work.Mail[0]) : null;
    }
}
