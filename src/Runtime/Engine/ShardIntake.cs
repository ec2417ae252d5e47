namespace Latecomer.Runtime;

/// <summary>Requests that were offered to a shard and wait for its next batch. Bounded; what does not get in, and what is still in when it closes, is declined.</summary>
internal sealed class ShardIntake
{
    /// <summary>How many wait at most: what is more waits in the mailbox, and is counted there.</summary>
    public const int Most = 1024;

    private readonly Lock _lock = new();
    private readonly LinkedList<OfferedRequest> _waiting = [];
    private bool _closed;

    public bool IsEmpty
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count == 0;
            }
        }
    }

    /// <summary>False if it is closed or full.</summary>
    public bool TryAdd(OfferedRequest offered)
    {
        lock (_lock)
        {
            if (_closed || _waiting.Count >= Most)
            {
                return false;
            }

            _waiting.AddLast(offered);
            return true;
        }
    }

    /// <summary>Those that have waited longest.</summary>
    public List<OfferedRequest> Take(int atMost)
    {
        lock (_lock)
        {
            var taken = new List<OfferedRequest>(Math.Min(atMost, _waiting.Count));
            while (taken.Count < atMost && _waiting.First is { } first)
            {
                _waiting.RemoveFirst();
                taken.Add(first.Value);
            }

            return taken;
        }
    }

    /// <summary>Puts back what was taken and is to wait on, in front of the others.</summary>
    public void Return(IReadOnlyList<OfferedRequest> offered)
    {
        lock (_lock)
        {
            for (var i = offered.Count - 1; i >= 0; i--)
            {
                if (_closed)
                {
                    offered[i].Decline();
                }
                else
                {
                    _waiting.AddFirst(offered[i]);
                }
            }
        }
    }

    /// <summary>Declines all that wait, and lets nothing in any more.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            foreach (var offered in _waiting)
            {
                offered.Decline();
            }

            _waiting.Clear();
        }
    }
}
